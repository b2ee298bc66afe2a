import json

from tastemaker.evals.studies import talk_only
from tastemaker.evals.studies.talk_only import without_people

SMALL = {"base_settings": {"size": 8}, "profiles": 2, "training": {"epochs": 1}}


def test_nobody_who_is_asked_is_learned_from(film_log):
    rest = without_people(film_log, film_log.user[:1].astype("int64"))
    assert len(rest.users) == len(film_log.users) - 1
    assert film_log.users[film_log.user[0]] not in rest.users


def test_everybody_is_ranked_by_every_system(film_workspace, tmp_path, capsys):
    arguments = ["--workspace", str(film_workspace.path), "--settings", json.dumps(SMALL)]
    talk_only.main([*arguments, "--json", str(tmp_path / "r.json")])
    assert capsys.readouterr().out.count("\n") == 6
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["people"] == 24
    ours = report["systems"]["rlmrec"]["HR@10"]
    assert ours["low"] <= ours["mean"] <= ours["high"]
    same = report["systems"]["popularity"]["NDCG@10"]["minus"]["popularity"]
    assert (same["low"], same["high"]) == (0, 0)
