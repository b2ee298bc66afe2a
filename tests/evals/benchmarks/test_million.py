import sys

import numpy as np
import pytest

from tastemaker.evals.benchmarks import million

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")


def test_it_trains_and_says_what_it_took(capsys):
    million.main(["--items", "60", "--interactions", "900", "--batch", "32"])
    shown = capsys.readouterr().out
    assert "made 60 items, 900 interactions of 45 users" in shown
    assert "one epoch" in shown
    assert "GiB" in shown


def test_popularity_is_zipfs():
    counts = np.sort(np.bincount(million.random_log(100, 50_000).item))[::-1]
    assert counts[0] / counts[9] == pytest.approx(10, rel=0.2)
