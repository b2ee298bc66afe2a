"""Two processes of torchrun on this machine learn what one learns."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import torch

from tastemaker.recommenders import Query, load_recommender, train
from tastemaker.recommenders.data.sequence_batches import SequenceBatches
from tastemaker.recommenders.training.distributed import Processes, join, target_share
from tastemaker.retrieval.catalog.interactions import Interactions

SCRIPT = """
import json, sys, torch
from pathlib import Path
from tastemaker.recommenders import train
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Schema
torch.set_num_threads(1)
given = json.loads(Path(sys.argv[1]).read_text())
catalog = Catalog([Item(i, i, {}) for i in given["ids"]], Schema(attributes=()))
log = Interactions.from_columns(given["users"], given["items"], given["times"])
train("sasrec", catalog, log, Path(sys.argv[2]), settings=given["settings"])
"""


def _batch(sequences):
    users = [f"u{user}" for user in range(sequences) for _ in range(user + 2)]
    log = Interactions.from_columns(users, np.arange(len(users)))
    return next(SequenceBatches(log, max_length=9, batch_size=9).epoch(np.random.default_rng(0)))


def test_the_parts_make_up_the_batch():
    batch = _batch(5)
    parts = [Processes(rank, 2).part(batch) for rank in range(2)]
    assert [len(part.sequences.lengths) for part in parts] == [3, 2]
    assert sum(target_share(part, batch.targets) for part in parts) == pytest.approx(1.0)
    assert sorted(torch.cat([part.targets for part in parts]).tolist()) == sorted(batch.targets.tolist())
    for part in parts:  # every target is the one after its item in this log
        assert (part.sequences.rows[part.sequences.real] + 1).tolist() == part.targets.tolist()


def test_a_process_without_a_part_has_no_share():
    assert Processes(2, 3).part(_batch(2)) is None
    assert target_share(None, _batch(2).targets) == 0.0


def test_alone_nothing_is_shared():
    with join() as processes:
        assert processes == Processes(0, 1)
    batch = _batch(2)
    assert processes.part(batch) is batch
    assert processes.add_up([], 0.5, stop=True) is True
    assert processes.broadcast(0.25) == 0.25


@pytest.mark.wire
def test_two_processes_learn_what_one_learns(ring, walks, small, tmp_path):
    settings = {**small["sasrec"], "dropout": 0.0}
    users = [walks.users[user] for user in walks.user]
    given = {"ids": ring.ids, "users": users, "items": walks.item.tolist(), "times": walks.timestamp.tolist()}
    (tmp_path / "given.json").write_text(json.dumps({**given, "settings": settings}))
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    subprocess.run(
        [*command, str(tmp_path / "script.py"), str(tmp_path / "given.json"), str(tmp_path / "two")],
        check=True,
        timeout=120,
        capture_output=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    two = load_recommender(tmp_path / "two", ring)
    one = train("sasrec", ring, walks, tmp_path / "one", settings=settings)
    assert two.record["validation_ndcg@10"] == pytest.approx(one.record["validation_ndcg@10"], abs=0.02)
    query = Query(("i1", "i2", "i3"))
    assert two.top(query, 1)[0].id == one.top(query, 1)[0].id == "i4"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["given.json", "one", "script.py", "two"]
