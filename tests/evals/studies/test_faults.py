"""Each kind of fault in short: ``make faults`` tries them in full."""

import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from tastemaker.evals.studies.faults import damaged_files, model_faults, suite
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
    found = model_faults.run(shop, tmp_path / "home", every=9)
    assert {name: what for name, what in found.items() if what} == {}


def test_a_damaged_file_is_answered_or_named_in_a_line(tmp_path):
    path = hostile_workspace(tmp_path / "shop", suite.SMALL).path
    damaged_files.use(path)
    files = {name for name, _ in damaged_files.cases(path)}
    assert {"sessions.sqlite", "current", "retention.toml"} <= files
    assert len(files) >= 25
    found = damaged_files.run(path, tmp_path, every=23)
    assert {name: what for name, what in found.items() if what} == {}


def test_every_test_that_the_table_names_is_there_and_a_fault_is_told():
    kinds = tomllib.loads((files("tastemaker.evals") / "data" / "fault-kinds.toml").read_text("utf-8"))
    assert [file for files in kinds.values() for file in files if not Path(file).exists()] == []
    rows = [suite.Tried("a kill", 3, 2, "fast", ("lost a turn",)), suite.Tried("a flood", 1, 1)]
    assert suite.table(rows).splitlines()[2:] == [
        "| a kill | 3 | 2 | fast |",
        "| a flood | 1 | 1 |  |",
        "",
        "- a kill: lost a turn",
    ]
