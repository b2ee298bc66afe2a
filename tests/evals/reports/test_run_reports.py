"""Summaries, reports and comparisons of runs."""

import json
import re

import pytest
from typer.testing import CliRunner

from tastemaker.evals.reports.compare import compare_runs
from tastemaker.evals.reports.summary import (
    cluster_mean,
    difference,
    largest_changes,
    mean_of,
    percentiles,
    slices_of,
    usage_of,
)
from tastemaker.evals.run_reports import read_report
from tastemaker.evals.runs.run_folder import RunFolder, run_head
from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.ui.cli.main import app


def make_run(folder, values, kind="dialogues", **more):
    told = run_head(
        kind, folder.name, data={"name": "talks <b>", "sha256": "0" * 64}, parameters={"llm": "rules"}
    )
    with RunFolder.open(folder, told) as run:
        for n, value in enumerate(values):
            run.append(
                {
                    "case": f"c{n:02}",
                    "group": f"g{n // 2}",
                    "items": ["1"],
                    "gold": ["1"],
                    "error": None,
                    "seconds": 0.1 * n,
                    "metrics": {"ndcg@10": value, "recall@10": value},
                    "slices": {"turn": "0" if n % 2 else "1-2"},
                    "usage": {"calls": 2, "prompt_tokens": 100},
                    **more,
                }
            )
    return folder


@pytest.fixture
def old(tmp_path):
    return make_run(tmp_path / "old", [0.5, 0.0] * 12)


@pytest.fixture
def new(tmp_path):
    return make_run(tmp_path / "new", [0.0, 0.25] * 12)


def test_whole_groups_are_drawn():
    alike = cluster_mean(["a"] * 50 + ["b"] * 50, [1.0] * 50 + [0.0] * 50)
    apart = cluster_mean([str(n) for n in range(100)], [1.0] * 50 + [0.0] * 50)
    assert alike.mean == apart.mean == 0.5
    assert alike.high - alike.low == pytest.approx(1.0)
    assert apart.high - apart.low < 0.25


def test_differences_are_over_shared_cases():
    mine = [
        {"case": "a", "group": "x", "metrics": {"m": 1.0}},
        {"case": "b", "group": "y", "metrics": {"m": None}},
    ]
    theirs = [
        {"case": "a", "group": "x", "metrics": {"m": 0.25}},
        {"case": "c", "group": "z", "metrics": {"m": 1.0}},
    ]
    assert difference(mine, theirs, "m").mean == 0.75
    assert difference(mine, theirs[1:], "m") is None
    assert mean_of(mine, "m").mean == 1.0
    assert [(one.case, one.before, one.after) for one in largest_changes(mine, theirs, "m")] == [
        ("a", 0.25, 1.0)
    ]


def test_cases_that_the_model_failed_in_are_told(tmp_path):
    failed = {"kind": "fallback", "step": "explore", "reason": "timed out", "model_failed": True}
    mended = {**failed, "model_failed": False}
    lost = make_run(tmp_path / "lost", [0.5] * 3, trace=[{"kind": "text"}, failed])
    well = make_run(tmp_path / "well", [0.5] * 3, trace=[mended])
    said = "3 of 3 cases of lost were answered in part without the language model"
    assert said in read_report([lost, well]).table()
    assert "of well were answered" not in read_report([lost, well]).table()
    figures = read_report([lost, well]).figures()["runs"]
    assert [figures[name]["without_model"] for name in ("lost", "well")] == [3, 0]


def test_slices_latency_and_usage():
    rows = [
        {"case": str(n), "group": "g", "metrics": {}, "slices": {"turn": "0"}, "usage": {"calls": n}}
        for n in range(12)
    ]
    rows.append({"case": "x", "group": "g", "metrics": {}, "slices": {"turn": "1-2"}, "usage": None})
    assert list(slices_of(rows)["turn"]) == ["0"]
    assert usage_of(rows) == {"calls": 5.5}
    assert percentiles([None]) is None


def test_a_report_holds_every_system_and_nothing_foreign(tmp_path, old, new):
    read_report([old, new], baseline="old").write_reports(tmp_path)
    page = (tmp_path / "report.html").read_text()
    assert page.count("<svg") == 5  # two metrics, two differences, one slice
    assert "talks &lt;b&gt;" in page
    assert "<b>" not in page.replace("<body>", "")
    assert not re.findall(r'(?:src|href)="https?:', page)
    assert "viewport" in page
    text = (tmp_path / "report.md").read_text()
    assert "| old " in text
    assert ".250 [" in text
    assert "-.125" in text


def test_the_table_and_the_figures_agree(old, new):
    told = read_report([old, new]).figures()
    assert told["runs"]["new"]["metrics"]["ndcg@10"]["mean"] == 0.125
    assert told["runs"]["new"]["differences"]["ndcg@10"]["mean"] == -0.125
    assert told["runs"]["old"]["slices"]["turn"]["1-2"]["ndcg@10"]["mean"] == 0.5
    assert ".125" in read_report([old, new]).table()
    json.dumps(told)


def test_runs_of_different_kinds_are_not_mixed(tmp_path, old):
    other = make_run(tmp_path / "other", [1.0], kind="simulate")
    with pytest.raises(DataError, match="one kind"):
        read_report([old, other])
    with pytest.raises(DataError, match="cannot be compared"):
        compare_runs(old, [other])
    with pytest.raises(ConfigError, match=r"no metric 'ndgc@10'.*ndcg@10"):
        compare_runs(old, [old], "ndgc@10")


@pytest.mark.parametrize(
    ("order", "margin", "status"), [("old new", "0.05", 1), ("old new", "0.2", 0), ("new old", "0", 0)]
)
def test_compare_fails_where_the_metric_falls_by_more_than_the_margin(
    tmp_path, old, new, order, margin, status
):
    runs = [str(tmp_path / name) for name in order.split()]
    done = CliRunner().invoke(app, ["eval", "compare", *runs, "--metric", "ndcg@10", "--margin", margin])
    assert done.exit_code == status
    assert "24 shared cases" in done.stdout
    assert "c00" in done.stdout


def test_compare_says_which_cases_are_not_shared(tmp_path, old):
    short = make_run(tmp_path / "short", [0.5, 0.0])
    done = CliRunner().invoke(app, ["eval", "compare", str(old), str(short), "--json"])
    one = json.loads(done.stdout)["runs"][0]
    assert (one["shared"], one["only_here"], one["only_baseline"]) == (2, 0, 22)


def test_the_report_command_writes_both_files(tmp_path, old, new):
    done = CliRunner().invoke(app, ["eval", "report", str(tmp_path)])
    assert done.exit_code == 0
    assert (tmp_path / "report.html").exists()
    assert (tmp_path / "report.md").exists()
