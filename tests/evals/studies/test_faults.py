"""Kills and soak in short: ``make faults`` does them in full."""

import subprocess
import sys

from tastemaker.evals.studies.soak import soak


def test_kills_at_random_moments_leave_a_whole_workspace():
    """In a process of its own, which has started no threads that forks would miss."""
    done = subprocess.run(
        [sys.executable, "-m", "tastemaker.evals.studies.kills", "--kills", "5"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "0 times something was not whole" in done.stdout, done.stdout


def test_a_model_that_misbehaves_stops_no_turn_and_each_is_logged_once(tmp_path):
    found = soak(tmp_path, turns=40, sessions=4)
    assert found.errors == ()
    assert found.turns == found.kept == found.logged == 40
    assert found.twice == 0
    assert found.handles[1] <= found.handles[0] + 2
