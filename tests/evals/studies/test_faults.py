"""Each kind of fault in short: ``make faults`` tries them in full."""

import inspect
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from tastemaker.evals.studies.faults import damaged_files, model_faults, suite
from tastemaker.evals.studies.faults.parts import KINDS, Part, Record, parts, were_survived
from tastemaker.evals.studies.faults.parts import run as run_part
from tastemaker.evals.studies.injections import hostile_workspace
from tastemaker.evals.studies.soak import soak


def test_kills_at_random_moments_leave_a_whole_workspace():
    """In a process of its own, which has started no threads that forks would miss."""
    command = [sys.executable, "-m", "tastemaker.evals.studies.kills", "--kills", "5"]
    acts = ["--acts", "build", "index", "enrich", "turn", "erase"]
    done = subprocess.run([*command, *acts], capture_output=True, text=True, check=False)
    assert "0 times something was not whole" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_a_model_that_misbehaves_stops_no_turn_and_each_is_logged_once(tmp_path):
    found = soak(tmp_path, turns=40, sessions=4)
    assert found.errors == ()
    assert found.turns == found.kept == found.logged == 40
    assert found.twice == 0
    assert found.handles[1] <= found.handles[0] + 2


@pytest.mark.wire
def test_a_models_server_may_go_wrong_in_any_way(tmp_path):
    assert len(model_faults.FAULTS) >= 90
    shop = hostile_workspace(tmp_path / "shop", suite.SMALL)
    found = model_faults.run(shop, tmp_path / "home", list(model_faults.FAULTS)[::9])
    assert {name: what for name, what in found.items() if what} == {}


def test_a_damaged_file_is_answered_or_named_in_a_line(tmp_path):
    path = hostile_workspace(tmp_path / "shop", suite.SMALL).path
    damaged_files.use(path)
    files = {name for name, _ in damaged_files.cases(path)}
    assert {"sessions.sqlite", "current", "retention.toml"} <= files
    assert len(files) >= 25
    found = damaged_files.run(path, tmp_path, list(damaged_files.cases(path))[::23])
    assert {name: what for name, what in found.items() if what} == {}


def test_every_test_that_the_table_names_is_there():
    named = [file for files in suite.kinds_of_test().values() for file in files]
    assert [file for file in named if not Path(file).exists()] == []


def test_parts_of_a_row_are_added_up_and_a_fault_is_told():
    rows = [
        suite.Tried("a kill", 3, 2, "fast", ("lost a turn",), {"in the work": 1}),
        suite.Tried("a flood", 1, 1),
        suite.Tried("a kill", 2, 2, "fast", counts={"in the work": 2}),
    ]
    assert suite.table(rows, {"abc": 3}, 90).splitlines()[2:] == [
        "| a kill | 5 | 4 | fast; 3 in the work |",
        "| a flood | 1 | 1 |  |",
        "",
        "- a kill: lost a turn",
        "",
        "3 parts were tried on abc.",
        "They took 2 minutes.",
    ]


def test_shares_have_every_case_once():
    cases = list(range(23))
    assert sorted(case for n in range(4) for case in suite.Share(n, 4)(cases)) == cases


def test_a_run_goes_on_with_what_is_left_or_was_not_survived(tmp_path):
    record = Record(tmp_path / "build" / "faults.jsonl")
    well, badly, not_yet = (Part("files", name, list) for name in ("well", "badly", "not yet"))
    record.add(well, [suite.Tried("a bit", 2, 2)], 12.5)
    record.add(badly, [suite.Tried("a bit", 2, 1, faults=("torn",))])
    with (tmp_path / "build" / "faults.jsonl").open("a") as file:
        file.write('{"kind": "fil')  # killed here
    assert [were_survived(record.rows(part)) for part in (well, badly, not_yet)] == [True, False, False]
    assert record.rows(badly) == [suite.Tried("a bit", 2, 1, faults=("torn",))]
    assert record.commits([well, badly, not_yet]).total() == 2
    assert record.seconds([well, badly, not_yet]) == 12.5


def test_every_part_can_be_run_as_it_is():
    chosen = Namespace(kills=60, turns=9, every=7)
    assert len({(part.kind, part.name) for part in parts(chosen)}) == len(parts(chosen))
    assert {part.kind for part in parts(chosen)} == set(KINDS)
    for part in parts(chosen):
        inspect.signature(part.run).bind()


def _die():
    raise OSError("no room")


def test_a_part_that_dies_is_a_row_that_was_not_survived():
    (row,) = run_part(Part("soak", "9 turns", _die))
    assert (row.survived, row.faults) == (0, ("OSError: no room",))
