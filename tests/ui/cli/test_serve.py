"""`tastemaker serve` as a process, and as several: answers, and ends well when it is told to."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from tastemaker.ui.cli.main import app


@pytest.mark.wire
def test_it_answers_and_on_a_signal_finishes_and_says_so(film_workspace):
    command = [sys.executable, "-m", "tastemaker.ui.cli.main", "serve", "-w", str(film_workspace.path)]
    served = subprocess.Popen(
        [*command, "--no-page", "--port", "8700"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    with served:
        address = served.stdout.readline().strip()
        answer = httpx.post(f"{address}v1/recommend", json={"message": "a comedy", "k": 1}, timeout=120)
        assert answer.json()["items"]
        served.send_signal(signal.SIGTERM)
        _, told = served.communicate(timeout=60)
    assert (served.returncode, told.splitlines()[-1]) == (0, "stopped; conversations are kept")


@pytest.mark.wire
def test_workers_share_sessions_and_one_that_dies_is_replaced(film_workspace, database):
    command = [sys.executable, "-m", "tastemaker.ui.cli.main", "serve", "-w", str(film_workspace.path)]
    served = subprocess.Popen(
        [*command, "--llm", "rules", "--workers", "2", "--sessions", database, "--port", "8740"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    with served, stopped_if_it_fails(served):
        address = served.stdout.readline().strip()
        session = post(f"{address}v1/sessions", {})["session"]
        first, second = ready_workers(served.pid, address)
        for number, (message, dying) in enumerate(
            [("a comedy", first), ("no horror", second), ("before 1999", None)], 1
        ):
            told = post(
                f"{address}v1/sessions/{session}/messages", {"message": message, "stream": False, "k": 1}
            )
            assert told["message"], told
            if dying:
                os.kill(dying, signal.SIGKILL)
                deadline = time.monotonic() + 120
                while len(ready_workers(served.pid, address) - {dying}) < 2:
                    assert time.monotonic() < deadline
                    time.sleep(0.2)
            told = httpx.get(f"{address}v1/sessions/{session}", timeout=120).json()
            assert len(told["messages"]) == 2 * number
        assert {first, second}.isdisjoint(ready_workers(served.pid, address))
        served.send_signal(signal.SIGTERM)
        _, told = served.communicate(timeout=120)
    assert (served.returncode, told.splitlines()[-1]) == (0, "stopped; conversations are kept")


@contextmanager
def stopped_if_it_fails(served):
    """Else its end would be waited for, and the failure never be told."""
    try:
        yield
    except BaseException:
        served.kill()
        raise


def post(address, body):
    return httpx.post(address, json=body, timeout=120).json()


def ready_workers(parent, address):
    """The ids of the processes that serve, once all of them do."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    workers = {
        int(one) for one in listed if "spawn_main" in Path(f"/proc/{one}/cmdline").read_text(errors="replace")
    }
    httpx.get(f"{address}readyz", timeout=120).raise_for_status()
    return workers


def test_sessions_of_one_process_alone_are_refused_for_several(film_workspace):
    told = CliRunner().invoke(
        app, ["serve", "-w", str(film_workspace.path), "--workers", "2", "--sessions", "memory"]
    )
    assert "sessions of its own" in str(told.exception or told.output)
