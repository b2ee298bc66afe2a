import json

import pytest

from tastemaker.evals.studies.semantic_ids import reinforcement
from tastemaker.recommenders import train
from tastemaker.retrieval.errors import ConfigError

SMALL = {
    "source": "interactions",
    "levels": 2,
    "codes": 4,
    "directions": 4,
    "size": 8,
    "training": {"epochs": 1, "batch_size": 8},
}


def test_the_stage_is_told_apart_from_the_training_before_it(film_workspace, tmp_path, capsys):
    train("minionerec", film_workspace.catalog, film_workspace.log, tmp_path / "m", settings=SMALL)
    arguments = ["--workspace", str(film_workspace.path), "--base", str(tmp_path / "m"), "--epochs", "1"]
    reinforcement.main([*arguments, "--set", '{"group": 3}', "--json", str(tmp_path / "r.json")])
    assert "validation NDCG@10" in capsys.readouterr().out
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["training"]["reinforced"]["epochs"] == 1
    gained = report["figures"]["validation NDCG@10"]
    assert gained["gained"]["mean"] == pytest.approx(gained["after"]["mean"] - gained["before"]["mean"])
    assert gained["gained"]["mean"] >= 0  # what validates worse is not kept


def test_another_model_is_refused(film_workspace, tmp_path):
    train("popularity", film_workspace.catalog, film_workspace.log, tmp_path / "m")
    with pytest.raises(ConfigError, match="holds popularity, no minionerec"):
        reinforcement.compare(film_workspace, tmp_path / "m", {"reinforced": 1})
