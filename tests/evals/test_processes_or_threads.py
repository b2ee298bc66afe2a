"""Simulation and replay say the same in processes as in threads, and a finished run opens nothing again."""

import pytest

from tastemaker.evals import RunOptions, run_replay, run_simulation
from tastemaker.evals.replay import harness as replaying
from tastemaker.evals.runs.run_folder import read_run, runs_in
from tastemaker.evals.simulation import harness as simulating

TOLD = ("case", "items", "metrics", "error")


def rows_of(out):
    (run,) = runs_in(out)
    return [[row[name] for name in TOLD] for row in read_run(run)[1]]


@pytest.fixture
def places(tmp_path):
    return tmp_path / "threads", tmp_path / "processes"


def test_in_processes_as_in_threads(film_workspace, places, tmp_path, monkeypatch):
    def options(out):
        return RunOptions(workers=2, out=out, progress=False)

    def simulate(out, log):
        more = {"personas": ["plain"], "people": 3, "turns": 2, "k": 2, "history": 3, "log": log}
        return run_simulation(film_workspace.path, options=options(out), **more)

    log, threads, processes = tmp_path / "log", *places
    simulate(threads, log)
    with monkeypatch.context() as patched:
        patched.setattr(simulating, "MANY_CONVERSATIONS", 1)
        simulate(processes, tmp_path / "other")
        assert len(list((tmp_path / "other").glob("*.jsonl"))) == 3  # processes keep the agent's log, too
        assert rows_of(processes) == rows_of(threads)
        patched.setattr(simulating, "processes", lambda *_: pytest.fail("opened for a finished run"))
        simulate(processes, tmp_path / "other")

    run_replay(film_workspace.path, log=log, effort="fast", options=options(threads / "replay"))
    monkeypatch.setattr(replaying, "MANY_TURNS", 1)
    run_replay(film_workspace.path, log=log, effort="fast", options=options(processes / "replay"))
    assert rows_of(processes / "replay") == rows_of(threads / "replay")
    assert len(rows_of(threads / "replay")) >= 3
    monkeypatch.setattr(replaying, "processes", lambda *_: pytest.fail("opened for a finished run"))
    run_replay(film_workspace.path, log=log, effort="fast", options=options(processes / "replay"))
