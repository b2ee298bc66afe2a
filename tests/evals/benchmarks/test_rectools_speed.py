import gzip
import sys

import numpy as np
import pytest

from tastemaker.evals.benchmarks import rectools_speed as bench
from tastemaker.evals.next_item.interaction_files import LogFormat, read_log_file
from tastemaker.recommenders.data.hold_out import hold_out_last
from tastemaker.retrieval.errors import ConfigError

PEER = """
import json, sys, numpy as np
from pathlib import Path
folder = Path(sys.argv[1])
log = np.load(folder / "log.npz")
learnt = {int(u): log["item"][(log["user"] == u) & log["learnt"]].tolist() for u in log["asked"]}
assert learnt[0] == [1, 2, 3], learnt
assert log["target"].tolist()[0] == 5
seconds = {"epoch_seconds": [4.0, 2.0, 3.0], "latency": [0.25], "hit_rate": 0.5}
(folder / "result.json").write_text(json.dumps({**seconds, "versions": {"rectools": "0"}}))
"""


@pytest.fixture
def log_file(tmp_path):
    path = tmp_path / "ring.txt.gz"
    lines = [f"{user} {(user + step) % 8}" for user in range(24) for step in range(6)]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


def test_both_are_in_the_table_with_the_ratio(log_file, tmp_path, capsys, monkeypatch):
    (tmp_path / "peer.py").write_text(PEER)
    monkeypatch.setattr(bench.rectools_peer, "__file__", str(tmp_path / "peer.py"))
    shape = "--size 8 --heads 2 --layers 1 --length 2 --batch 8 --epochs 1 --threads 1".split()
    bench.main(["--python", sys.executable, "--data", str(log_file), *shape])
    ours, theirs = capsys.readouterr().out.splitlines()[-3:-1]
    assert theirs.split() == ["RecTools", "3.0", "250.00", "0.5000", "1.00"]
    assert ours.startswith("tastemaker")


def test_both_learn_from_the_same_interactions(log_file):
    data = read_log_file(log_file, LogFormat.SASREC)
    test = hold_out_last(data.interactions, keep=2)
    columns = bench._columns(test)
    trained_on = hold_out_last(test.rest, keep=2).rest  # what train_next_item makes of its log
    np.testing.assert_array_equal(columns["item"][columns["learnt"]], trained_on.item)


def test_an_environment_that_is_not_there_or_does_not_work_is_named(log_file, tmp_path):
    test = hold_out_last(read_log_file(log_file, LogFormat.SASREC).interactions, keep=2)
    with pytest.raises(ConfigError, match=r"cannot start .*make rectools-env"):
        bench.theirs(bench.Shape(), test, tmp_path / "no" / "python")
    with pytest.raises(ConfigError, match=r"ModuleNotFoundError.*make rectools-env"):
        bench.theirs(bench.Shape(), test, sys.executable)
