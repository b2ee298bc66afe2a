"""Processes that make the same rows as threads, and what happens when one, or their parent, dies."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tastemaker.evals.runs.run_cases import run_cases, run_cases_in
from tastemaker.evals.runs.run_folder import RunFolder, read_run, run_head
from tastemaker.evals.runs.worker_processes import processes
from tastemaker.retrieval.errors import ConfigError, SourceError
from tastemaker.ui.cli.evals import dialogues as eval_dialogues


@dataclass(frozen=True)
class Case:
    id: str
    group: str = "g"


CASES = [Case(f"{n:02}") for n in range(24)]


class Asker:
    def __init__(self, dies, slow):
        self.dies, self.slow = dies, slow

    def open(self):
        pass

    def __call__(self, case):
        time.sleep(self.slow)
        if case.id == self.dies:
            os.kill(os.getpid(), signal.SIGKILL)
        if case.id == "07":
            raise OSError("down")
        return {"metrics": {"m": int(case.id) / 10}}

    def miss_row(self, case):
        return {"metrics": {"m": 0.0}}


@dataclass(frozen=True)
class Recipe:
    dies: str = ""
    slow: float = 0.0

    @contextmanager
    def open(self):
        yield Asker(self.dies, self.slow)


@dataclass(frozen=True)
class Broken:
    @contextmanager
    def open(self):
        raise ConfigError("no such workspace here")
        yield


def head():
    return run_head("dialogues", "x", data={"name": "d"}, parameters={})


def rows(folder):
    told = [{name: value for name, value in row.items() if name != "seconds"} for row in read_run(folder)[1]]
    return sorted(told, key=lambda row: row["case"])


def ask_all(folder, recipe=Recipe(), cases=CASES):
    with processes(recipe, 2) as pool, RunFolder.open(folder, head()) as run:
        run_cases_in(pool, run, cases, metric="m", progress=False)


def number_of(held, task):
    return os.getpid(), task


def told_by(pool, n):
    return [future.result() for future in [pool.hand(number_of, task) for task in range(n)]]


def test_the_same_rows_resumed_and_failures_as_rows(tmp_path):
    asker = Asker("", 0)
    with RunFolder.open(tmp_path / "threads", head()) as run:
        run_cases(run, CASES, asker, asker.miss_row, workers=2, progress=False)
    ask_all(tmp_path / "processes", cases=CASES[:10])
    ask_all(tmp_path / "processes")
    assert rows(tmp_path / "processes") == rows(tmp_path / "threads")
    assert rows(tmp_path / "processes")[7]["error"].startswith("OSError: down")


def test_other_processes_do_what_is_handed_out():
    with processes(Recipe(slow=0.05), 2) as pool:
        told = told_by(pool, 8)
    assert [task for _, task in told] == list(range(8))
    assert os.getpid() not in {process for process, _ in told}


def test_a_process_that_dies_ends_the_run_and_keeps_its_rows(tmp_path):
    with pytest.raises(SourceError, match=r"a worker process died.*run the same command again"):
        ask_all(tmp_path, Recipe(dies="09", slow=0.05))
    kept = {row["case"] for row in rows(tmp_path)}
    assert kept
    assert "09" not in kept
    ask_all(tmp_path)
    assert [row["case"] for row in rows(tmp_path)] == [case.id for case in CASES]


def test_what_cannot_be_opened_ends_the_run_with_the_reason(tmp_path):
    with pytest.raises(ConfigError, match="no such workspace here"):
        ask_all(tmp_path, Broken())
    assert not rows(tmp_path)


def test_processes_end_with_a_parent_that_is_killed(tmp_path):
    child = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "import test_worker_processes as t\n"
        "if __name__ == '__main__':\n"
        "    with t.processes(t.Recipe(), 2) as pool:\n"
        "        for who, _ in t.told_by(pool, 20): print(who, flush=True)\n"
        "        print('done', flush=True); [pool.hand(t.wait, n) for n in (0, 1)][0].result()\n"
    )
    script = tmp_path / "parent.py"
    script.write_text(child)
    with subprocess.Popen(
        [sys.executable, script, Path(__file__).parent], stdout=subprocess.PIPE, text=True
    ) as parent:
        left = set()
        for line in parent.stdout:
            if line == "done\n":
                break
            left.add(int(line))
        else:
            pytest.fail("the parent ended before its processes had done anything")
        parent.kill()
    assert left
    until = time.monotonic() + 20
    while left and time.monotonic() < until:
        time.sleep(0.1)
        left = {process for process in left if Path(f"/proc/{process}").exists()}
    assert not left


def wait(held, task):
    time.sleep(60)


def test_dialogues_by_rules_give_the_same_rows_in_processes(film_workspace, tmp_path, monkeypatch):
    log = tmp_path / "log.jsonl"
    moments = [
        {
            "id": f"m{n}",
            "conversation": f"g{n // 2}",
            "mentioned": [{"item": ("Paper Moons (1988)", "Star Ferry (1982)")[n // 2 % 2]}],
            "context": [{"speaker": "seeker", "text": f"something tense please, take {n % 3}"}],
            "gold": [("Night Train North (1996)", "The Cellar (1974)")[n // 2 % 2]],
        }
        for n in range(60)
    ]
    log.write_text("".join(json.dumps(one) + "\n" for one in moments), encoding="utf-8")

    def asked(folder, workers):
        eval_dialogues.dialogues(
            log,
            film_workspace.path,
            "conversation,agent",
            out=tmp_path / folder,
            workers=workers,
            quiet=True,
            baseline=None,
            llm="rules",
            effort="balanced",
            words="model",
            learned=True,
            file_format=None,
            ids=None,
            limit=None,
            answers=None,
            ray=None,
            json_file=None,
            seed=0,
            folds=2,
            schema=False,
        )
        return [
            [(row["case"], row["items"], row["text"], row["error"]) for row in rows(tmp_path / folder / name)]
            for name in ("conversation", "agent")
        ]

    alone = asked("alone", 1)
    monkeypatch.setattr("tastemaker.evals.dialogues.harness.MANY_CASES", 1)
    for theirs, ours in zip(asked("together", 2), alone, strict=True):
        for one, other in zip(theirs, ours, strict=True):
            assert one == other
    assert {error for told in alone for *_, error in told} == {None}
