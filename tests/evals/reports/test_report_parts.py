"""What a report warns of, what its means are over, recall by item, its plots, files and data frames."""

import json

import pytest

from tastemaker.evals.metrics.reliability import reliability
from tastemaker.evals.reports.charts import calibration
from tastemaker.evals.reports.run_report import PLAIN, RunReport
from tastemaker.evals.reports.sections import Runs
from tastemaker.evals.run_reports import read_report
from tastemaker.evals.runs.item_titles import keep_titles
from tastemaker.evals.runs.run_folder import RunFolder, run_head
from tastemaker.retrieval.errors import DataError

KS = (1, 5, 10, 20, 50)


def rows_of(n, *, outside=(), error=None, chance=None):
    """Moments of conversations of two: odd ones find nothing, every fourth has nothing new to find."""
    return [
        {
            "case": f"c{k:03}",
            "group": f"g{k // 2}",
            "items": ["1", "2"],
            "gold": ["1"],
            "new": [] if k % 4 == 3 else ["1"] if k % 2 == 0 else ["3", "4", "5"],
            "targets": 0 if k % 4 == 3 else 1 if k % 2 == 0 else 3,
            "gold_outside": list(outside),
            "error": error,
            "seconds": 0.1,
            "metrics": {
                f"{name}@{at}": None if k % 4 == 3 else float(k % 2 == 0)
                for name in ("recall", "ndcg")
                for at in KS
            },
            "slices": {"turn": "0" if k % 2 else "1-2"},
            "chances": chance and [chance, 0.0],
            "replies": [{"said": ["a"] * (k % 3 + 1), "items": ["1"], "text": "so"}],
        }
        for k in range(n)
    ]


@pytest.fixture
def make(tmp_path):
    def run(name, rows, data=None, commit="f" * 40):
        told = {"name": "talks", "sha256": "0" * 64, **(data or {})}
        head = run_head("dialogues", name, data=told, parameters={})
        with RunFolder.open(tmp_path / name, {**head, "commit": commit}) as folder:
            for row in rows:
                folder.append(row)
        return tmp_path / name

    return run


def test_the_count_is_told_in_words(make):
    report = read_report([make("old", rows_of(40)), make("new", rows_of(40))])
    said = "Means over 30 moments with an item to find that nobody had named before, of 40."
    assert said in report.table()
    assert "draw whole conversations (20 of them)" in report.table()


def test_runs_that_were_asked_differently_are_told_apart(make):
    table = read_report([make("old", rows_of(40)), make("short", rows_of(20))]).table()
    assert "old: means over 30 moments" in table
    assert "short: means over 15 moments" in table
    assert "| short  | 15           |" in table  # the cases that both have


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"rows": rows_of(20, outside=["Gone (1990)"])},
            "20 OF 40 ITEMS TO FIND (50%) ARE NOT IN THE CATALOGUE",
        ),
        ({"rows": rows_of(20, error="broke")}, "run FAILED in 20 of 20 cases"),
        ({"data": {"leak_check": "THE SPLIT LEAKS: 3 of 9"}}, "run: THE SPLIT LEAKS: 3 of 9"),
    ],
)
def test_what_spoils_the_figures_stands_first_in_terminal_and_page(make, tmp_path, more, said):
    report = read_report([make("run", more.pop("rows", rows_of(20)), **more)])
    assert report.table().startswith(said)
    report.write_reports(tmp_path)
    page = (tmp_path / "report.html").read_text()
    assert page.index('role="alert"') < page.index("<h2>Results</h2>")
    assert (tmp_path / "report.md").read_text().index(said) < 120


def test_a_sound_run_warns_of_nothing_and_changed_code_stands_in_the_page(make, tmp_path):
    one, tenth = rows_of(18), rows_of(2, outside=["Gone (1990)"])
    sound = read_report([make("sound", one + [{**row, "case": f"d{n}"} for n, row in enumerate(tenth)])])
    assert not [part for part in sound.sections() if part.loud]  # 2 of 22, under a tenth
    changed = read_report([make("changed", one, commit="f" * 40 + "-dirty")])
    first = next(iter(changed.sections()))
    assert first.loud
    assert first.text.startswith("CODE CHANGED: changed ran with files that differ")
    data = {"sha256": "1" * 64}
    assert "THE RUNS DIFFER" in read_report([make("a", one), make("b", one, data)]).table()


def test_recall_is_told_by_moment_and_by_item(make):
    report = read_report([make("run", rows_of(40))])
    (section,) = [part for part in report.sections() if part.title == "Recall"]
    head, rows = section.table
    assert head == ("system", "counted", "n", *(f"recall@{k}" for k in KS))
    assert rows[0][:3] == ("run", "by moment", "30")
    assert rows[0][3].startswith(".667 [")  # 20 of 30 moments
    assert rows[1][:3] == ("run", "by item", "50")
    assert rows[1][3].startswith(".400 [")  # 20 of 50 items


def test_frames_hold_what_the_tables_say(make):
    report = read_report([make("old", rows_of(40)), make("new", rows_of(40))])
    wide, frames = report.frame(), report.frames()
    assert wide.loc["new", ("recall@10", "mean")] == pytest.approx(2 / 3)
    results = frames["results"].set_index(["system", "metric"])
    assert results.loc[("old", "recall@5"), "cases"] == 30
    assert results.loc[("old", "recall@5"), "low"] < 2 / 3 < results.loc[("old", "recall@5"), "high"]
    assert frames["by_item"].set_index(["system", "metric"]).loc[("old", "recall@20"), "mean"] == 0.4
    assert set(frames["differences"]["system"]) == {"new"}
    assert frames["cases"].groupby("system")["recall@10"].sum().to_dict() == {"old": 20, "new": 20}
    slices = frames["slices"].query("system == 'old' and metric == 'recall@10'").set_index("value")
    assert slices.loc["1-2", "mean"] == 1.0


def test_every_kind_of_plot_is_drawn_with_names_that_can_be_read(make):
    rows = rows_of(80, chance=0.7)
    long = "the agent by rules, with $100 of budget"
    report = read_report([make("old", rows), make(long, [{**row, "case": row["case"]} for row in rows])])
    plots = report.plots()
    assert {
        "recall@10",
        "ndcg@10 less that of old, paired",
        "Turns",
        "ndcg@10 by turn",
        "Calibration",
    } <= set(plots)
    assert all(plot.svg.startswith("<svg") and plot.svg.endswith("</svg>\n") for plot in plots.values())
    assert plots["Turns"].caption == "Turns: all runs 2.0 on average"
    assert "<svg" in plots["Calibration"]._repr_html_()


def test_calibration_looks_at_new_items_with_a_chance():
    rows = rows_of(80, chance=0.5)
    bins = calibration(rows)
    assert sum(one.n for one in bins) == 60  # the second item was named before, and has none
    assert {one.chance for one in bins} == {0.5}
    assert sum(one.right.mean * one.n for one in bins) == pytest.approx(40)
    assert calibration(rows[:20]) == []
    first, last = reliability("abcd", [0.9, 0.1, 0.8, 0.2], [True, False, True, False], bins=2)
    assert (first.right.mean, last.right.mean, first.chance, last.n) == (0.0, 1.0, pytest.approx(0.15), 2)


def test_titles_are_kept_beside_the_rows(make, film_catalog, tmp_path):
    folder = make("run", rows_of(4))
    keep_titles(folder, rows_of(4), film_catalog)
    assert Runs.read([folder], None).titles["1"] == film_catalog["1"].title
    (folder / "titles.json").write_text("[1]")
    with pytest.raises(DataError, match="not an object of titles"):
        Runs.read([folder], None)


def test_runs_of_one_name_in_two_folders_stand_side_by_side(make, tmp_path):
    folders = []
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
        folders.append(make(f"{name}/agent", rows_of(20)))
    report = RunReport.read(folders, "before/agent", PLAIN)
    assert list(report.runs.rows) == ["before/agent", "after/agent"]
    json.dumps(report.figures())
