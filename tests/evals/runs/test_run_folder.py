"""Runs survive being killed; nothing is asked twice; two processes do not share one."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest

from tastemaker.evals.runs.run_cases import run_cases
from tastemaker.evals.runs.run_folder import RunFolder, read_run, run_head, runs_in
from tastemaker.retrieval.errors import DataError, WorkspaceError


@dataclass(frozen=True)
class Case:
    id: str
    group: str = "g"


def head(**changes):
    told = {
        "kind": "dialogues",
        "system": "copy",
        "data": {"name": "d", "sha256": "1"},
        "parameters": {"llm": "rules"},
    }
    return run_head(told.pop("kind"), told.pop("system"), **{**told, **changes})


def row(case, value=1.0):
    return {"case": case, "group": "g", "metrics": {"m": value}, "seconds": 0.0}


def test_a_run_is_read_as_it_was_written(tmp_path):
    with RunFolder.open(tmp_path / "run", head()) as run:
        run.append(row("2"))
        run.append(row("1", 0.5))
    told, rows = read_run(tmp_path / "run")
    assert told["system"] == "copy"
    assert told["format"] == "tastemaker-run"
    assert [(r["case"], r["metrics"]["m"]) for r in rows] == [("1", 0.5), ("2", 1.0)]
    assert runs_in(tmp_path) == [tmp_path / "run"]


def test_a_torn_line_is_cut_off_and_the_case_asked_again(tmp_path):
    with RunFolder.open(tmp_path, head()) as run:
        run.append(row("1"))
    with (tmp_path / "rows.jsonl").open("ab") as file:
        file.write(b'{"case": "2", "metr')
    with RunFolder.open(tmp_path, head()) as run:
        assert run.done == {"1"}
        run.append(row("2"))
    assert [r["case"] for r in read_run(tmp_path)[1]] == ["1", "2"]


def test_rows_that_other_code_made_are_said_to_be(tmp_path, caplog):
    with RunFolder.open(tmp_path / "run", head()) as run:
        run.append(row("1"))
    with RunFolder.open(tmp_path / "run", head()):
        assert not caplog.messages
    with RunFolder.open(tmp_path / "run", {**head(), "code": "another"}) as run:
        assert run.done == {"1"}
    assert "keeps 1 rows that other code made" in caplog.messages[0]


def test_a_case_has_one_row(tmp_path):
    with RunFolder.open(tmp_path, head()) as run:
        run.append(row("1"))
        with pytest.raises(DataError, match="'1' was run already"):
            run.append(row("1"))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"parameters": {"llm": "local"}}, "parameters"),
        ({"data": {"name": "d", "sha256": "2"}}, "data"),
        ({"seed": 1}, "seed"),
        ({"prompts": {"p.md": "3"}}, "prompts"),
    ],
)
def test_another_run_is_refused_and_left_alone(tmp_path, changes, named):
    with RunFolder.open(tmp_path, head()) as run:
        run.append(row("1"))
    with pytest.raises(WorkspaceError, match=f"another run: its {named} is .*another --out"):
        RunFolder.open(tmp_path, head(**changes))
    assert len(read_run(tmp_path)[1]) == 1
    RunFolder.open(tmp_path, head(command="typed differently")).close()


def test_two_processes_do_not_work_on_one_run(tmp_path):
    with RunFolder.open(tmp_path, head()), pytest.raises(WorkspaceError, match="another process is at work"):
        RunFolder.open(tmp_path, head())


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "letters.txt").write_text("dear")
    with pytest.raises(WorkspaceError, match="holds no run"):
        RunFolder.open(tmp_path, head())
    with pytest.raises(DataError, match="no run there"):
        read_run(tmp_path)
    with pytest.raises(DataError, match="no runs there"):
        runs_in(tmp_path)


def test_a_broken_row_names_its_line(tmp_path):
    with RunFolder.open(tmp_path, head()) as run:
        run.append(row("1"))
    with (tmp_path / "rows.jsonl").open("a") as file:
        file.write("nonsense\n")
    with pytest.raises(DataError, match=r"rows\.jsonl:2: not a row"):
        read_run(tmp_path)


def test_failures_are_rows_that_count_as_misses(tmp_path):
    def ask(case):
        if case.id == "2":
            raise ValueError("the model fell asleep")
        return {"metrics": {"m": 1.0}}

    with RunFolder.open(tmp_path, head()) as run:
        run_cases(run, [Case("1"), Case("2")], ask, lambda _: {"metrics": {"m": 0.0}}, progress=False)
    rows = read_run(tmp_path)[1]
    assert [r["metrics"]["m"] for r in rows] == [1.0, 0.0]
    assert rows[0]["error"] is None
    assert "ValueError: the model fell asleep" in rows[1]["error"]


def test_several_workers_ask_each_case_once_and_at_the_same_time(tmp_path):
    asked = []

    def ask(case):
        asked.append(case.id)
        time.sleep(0.05)
        return {"metrics": {}}

    cases = [Case(str(n)) for n in range(20)]
    started = time.perf_counter()
    with RunFolder.open(tmp_path, head()) as run:
        run_cases(run, cases, ask, lambda _: {}, workers=10, progress=False)
    assert time.perf_counter() - started < 20 * 0.05
    assert sorted(asked) == sorted(case.id for case in cases)
    with RunFolder.open(tmp_path, head()) as run:
        run_cases(run, cases, ask, lambda _: {}, progress=False)
    assert len(asked) == 20


CHILD = """
import sys, time
from dataclasses import dataclass
from pathlib import Path
from tastemaker.evals.runs.run_cases import run_cases
from tastemaker.evals.runs.run_folder import RunFolder, run_head

@dataclass(frozen=True)
class Case:
    id: str
    group: str = "g"

def ask(case):
    time.sleep(float(sys.argv[2]))
    return {"metrics": {"m": int(case.id) / 10}}

told = run_head("dialogues", "slow", data={"name": "d"}, parameters={})
with RunFolder.open(Path(sys.argv[1]), told) as run:
    run_cases(run, [Case(str(n)) for n in range(60)], ask, lambda _: {}, workers=2, progress=False)
"""


def test_killed_in_the_middle_and_started_again_nothing_is_lost_or_twice(tmp_path):
    def start(folder, seconds):
        return subprocess.Popen([sys.executable, "-c", CHILD, str(folder), seconds])

    killed, whole = tmp_path / "killed", tmp_path / "whole"
    for _ in range(2):
        child = start(killed, "0.05")
        before = _lines(killed)
        deadline = time.monotonic() + 60
        while _lines(killed) < before + 8 and time.monotonic() < deadline:
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    assert 16 <= _lines(killed) < 60
    assert start(killed, "0").wait() == 0
    assert start(whole, "0").wait() == 0
    cut, straight = (read_run(folder)[1] for folder in (killed, whole))
    assert [r["case"] for r in cut] == [r["case"] for r in straight]
    assert [r["metrics"] for r in cut] == [r["metrics"] for r in straight]
    assert len({r["case"] for r in cut}) == len(cut) == 60


def _lines(folder):
    path = folder / "rows.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def test_the_head_tells_what_ran(tmp_path):
    told = json.loads(json.dumps(head()))
    assert set(told["versions"]) >= {"tastemaker", "torch", "openai"}
    assert told["commit"] is None or len(told["commit"].removesuffix("-dirty")) == 40
    assert os.sep not in told["command"]
