"""`tastemaker serve` as a process: answers, and ends well when it is told to."""

import os
import signal
import subprocess
import sys

import httpx
import pytest


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
