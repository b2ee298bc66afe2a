"""The evaluations as a notebook calls them: functions of `tastemaker.evals` that give a report."""

import json
import subprocess
import sys

import pytest

from tastemaker import evals
from tastemaker.evals import RunOptions, run_dialogues, run_next_item, run_replay, run_simulation
from tastemaker.evals.dialogues.system import BASELINES
from tastemaker.evals.dialogues.system_names import DEFAULT_SYSTEMS, LLM_SYSTEMS, SYSTEMS
from tastemaker.retrieval.errors import ConfigError

QUIET = RunOptions(progress=False)


@pytest.fixture
def talks(tmp_path):
    rows = [
        {
            "id": f"m{n}",
            "context": [{"speaker": "seeker", "text": "I liked Paper Moons, something tense please"}],
            "mentioned": ["Paper Moons (1988)"],
            "gold": ["Grave Company (1995)"],
        }
        for n in range(12)
    ]
    path = tmp_path / "talks.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_dialogues_give_a_report_that_a_notebook_shows(talks, film_workspace, tmp_path):
    said = []
    options = RunOptions(progress=False, say=said.append)
    report = run_dialogues(
        talks, film_workspace.path, ["copy", "popularity"], baseline="popularity", folds=5, options=options
    )
    assert "12 cases of 12 conversations" in said[0]
    assert report.table().startswith(
        "popularity: Cross-validated figures: each conversation was scored by what the"
    )
    assert "Leak check passed: 0 of 12" in report.table()
    assert "| copy " in report.table()
    assert report.figures()["runs"]["copy"]["metrics"]["recall@50"]["mean"] == 0
    page = report._repr_html_()
    assert page.count("<table>") == 2
    assert '<th scope="row">popularity</th>' in page
    report.write_reports(tmp_path / "out")
    assert "<!doctype html>" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "popularity" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")


def test_rows_stay_where_they_are_wanted(talks, film_workspace, tmp_path):
    run_dialogues(
        talks, film_workspace.path, ["copy"], options=RunOptions(out=tmp_path / "runs", progress=False)
    )
    rows = (tmp_path / "runs" / "copy" / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 12


def test_simulation_and_replay_of_what_it_logged(film_workspace, tmp_path):
    log = tmp_path / "log"
    told = run_simulation(
        film_workspace.path, personas=["plain"], people=2, turns=2, k=2, history=3, log=log, options=QUIET
    )
    assert "pass^1" in told.table()
    assert "Per persona" in told._repr_html_()
    again = run_replay(film_workspace.path, log=log, effort="fast", options=QUIET)
    (run,) = again.figures()["runs"].values()
    assert run["metrics"]["overlap"]["mean"] >= 0
    assert "IPS" in again.table()
    with pytest.raises(ConfigError, match="no reward 'taken'"):
        run_replay(film_workspace.path, reward="taken")


def test_next_item_gives_a_report_too(tmp_path):
    log = tmp_path / "log.txt"
    log.write_text("\n".join(f"{user} {(user + step) % 9}" for user in range(20) for step in range(5)))
    report = run_next_item(
        ["popularity", "ease"],
        data_file=log,
        cache=tmp_path / "kept",
        progress=False,
        command="tastemaker <x>",
    )
    assert report.table().splitlines()[0].startswith("system")
    assert report.figures()["baseline"] == "popularity"
    assert '<th scope="row">ease</th>' in report._repr_html_()
    report.write_reports(tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 3
    assert "tastemaker &lt;x&gt;" in page
    assert "NDCG@10" in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_the_names_are_those_of_the_systems():
    assert set(SYSTEMS) == {*BASELINES, *LLM_SYSTEMS}
    assert set(DEFAULT_SYSTEMS) <= set(SYSTEMS)


def test_what_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="run_everything"):
        _ = evals.run_everything


def test_naming_the_package_loads_no_models():
    code = "import tastemaker.evals, tastemaker.ui.cli.main, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
