import json
from pathlib import Path

import pytest

from tastemaker.recommenders.registry import recommender_class
from tastemaker.recommenders.training.frozen_config import frozen_configs, read_frozen_config
from tastemaker.retrieval.errors import ConfigError

RESULTS = Path(__file__).parents[3] / "evals" / "results"


MEASURED = [name for name in frozen_configs() if read_frozen_config(name).measured]


@pytest.mark.parametrize("name", MEASURED)
def test_what_comes_with_the_package_is_what_was_measured(name):
    config = read_frozen_config(name)
    fits = recommender_class(config.model).config_class.model_validate
    report = json.loads((RESULTS / config.measured.result).read_text())
    measured = report["systems"][config.model]
    assert fits(measured["config"]) == fits(config.settings)
    assert report["seed"] == config.seed
    assert measured["filtered"]["HR@10"]["mean"] == pytest.approx(config.measured.hr, abs=5e-5)
    assert measured["filtered"]["NDCG@10"]["mean"] == pytest.approx(config.measured.ndcg, abs=5e-5)


@pytest.mark.parametrize("name", frozen_configs())
def test_the_command_runs_that_config(name):
    config = read_frozen_config(name)
    place = "--workspace" if config.format is None else "--data-file"
    if config.format == "study":  # data that no next-item evaluation reads
        assert config.command.startswith("python -m tastemaker.evals.studies.")
        return
    assert config.command.startswith(f"tastemaker eval next-item --config {name} {place} ")


def test_a_wrong_name_lists_the_right_ones():
    with pytest.raises(ConfigError, match="did you mean 'sasrec_ml1m'"):
        read_frozen_config("sasrec_ml1")


def test_a_file_of_ones_own_is_read_and_a_wrong_one_refused(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('model = "hstu"\npaper = "p"\ndata = "d"\ncommand = "c"\n[settings]\nsize = 32\n')
    assert read_frozen_config(str(own)).settings == {"size": 32}
    own.write_text("model = 3")
    with pytest.raises(ConfigError, match="model"):
        read_frozen_config(str(own))
    own.write_text("model = ")
    with pytest.raises(ConfigError, match="not one"):
        read_frozen_config(str(own))
