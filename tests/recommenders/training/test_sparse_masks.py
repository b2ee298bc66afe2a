"""A sparse training keeps its share of the weights, moves it to where gradients are, and can be stopped."""

import numpy as np
import pytest
import torch

from tastemaker.recommenders import Query, load_recommender, train
from tastemaker.recommenders.data.packed_arrays import pack, unpack
from tastemaker.recommenders.training import loop
from tastemaker.recommenders.training.row_adamw import RowAdamW
from tastemaker.recommenders.training.sparse_masks import SparseMasks


@pytest.mark.parametrize("sparse", [False, True])
def test_unused_weights_stay_zero_and_the_useful_come_into_use(sparse):
    torch.manual_seed(0)
    table = torch.nn.Embedding(20, 10, sparse=sparse)
    wanted = torch.zeros(20, 10)
    wanted[:6] = 3.0  # only these 60 of 200 weights have something to learn
    optimizer = RowAdamW(table.parameters(), lr=0.05, weight_decay=0.0)
    masks = SparseMasks(table, optimizer, density=0.4, every=10, steps=400, seed=0)
    assert (table.weight != 0).sum() == 80
    for done in range(1, 401):
        optimizer.zero_grad()
        rows = torch.randint(20, (8,))
        (table(rows) - wanted[rows]).square().sum().backward()
        masks.before_step()
        optimizer.step()
        masks.after_step(done)
        used = masks.state()["used/weight"]
        assert used.sum() == 80
        assert not table.weight[~used].any()
    assert masks.state()["used/weight"][:6].float().mean() > 0.95
    moments = optimizer.state[table.weight]["exp_avg"]
    assert not moments[~used & (moments == 0)].any()


def test_a_sparse_model_is_smaller_on_disk_and_the_same_when_loaded(ring, walks, small, tmp_path):
    settings = {**small["sasrec"], "size": 32}
    dense = train("sasrec", ring, walks, tmp_path / "dense", settings=settings)
    settings |= {"training": {**settings["training"], "density": 0.4, "exchange_every": 5}}
    model = train("sasrec", ring, walks, tmp_path / "sparse", settings=settings)
    sizes = [sum(a.nbytes for a in m.arrays().values()) for m in (model, dense)]
    assert sizes[0] < 0.5 * sizes[1]
    query = Query(history=("i1", "i2", "i3"))
    assert model.top(query, 1)[0].id == "i4"
    np.testing.assert_array_equal(
        load_recommender(tmp_path / "sparse", ring).scores(query), model.scores(query)
    )


def test_a_stopped_sparse_training_ends_like_one_that_was_not(ring, walks, small, tmp_path, monkeypatch):
    training = {
        **small["sasrec"]["training"],
        "epochs": 6,
        "patience": 6,
        "density": 0.5,
        "exchange_every": 3,
    }
    settings = {**small["sasrec"], "training": training}
    whole = train("sasrec", ring, walks, tmp_path / "whole", settings=settings)
    steps, real = [], loop._Run._step

    def stopped(self, batch):
        steps.append(1)
        return real(self, batch) or len(steps) == 8

    monkeypatch.setattr(loop._Run, "_step", stopped)
    with pytest.raises(loop.TrainingInterrupted):
        train("sasrec", ring, walks, tmp_path / "again", settings=settings)
    monkeypatch.undo()
    again = train("sasrec", ring, walks, tmp_path / "again", settings=settings)
    query = Query(history=("i1", "i2"))
    np.testing.assert_array_equal(again.scores(query), whole.scores(query))


def test_arrays_without_many_zeros_and_those_of_integers_are_left_as_they_are():
    arrays = {"full": np.ones((4, 4)), "whole": np.zeros((4, 4), np.int64), "flat": np.zeros(5)}
    assert pack(arrays).keys() == arrays.keys()
    again = unpack(pack(arrays | {"half": np.eye(4, dtype=np.float32)}))
    np.testing.assert_array_equal(again["half"], np.eye(4))
    assert again["half"].dtype == np.float32
