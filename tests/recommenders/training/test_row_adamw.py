"""Row-wise AdamW: like AdamW where every row is used, still where none is."""

import numpy as np
import pytest
import torch
from torch import nn

from tastemaker.recommenders import Query, train
from tastemaker.recommenders.models import sequence_model_config as config
from tastemaker.recommenders.training.row_adamw import RowAdamW, clip_gradients


def _run(kind, sparse, steps, rows=None):
    torch.manual_seed(0)
    matrix, other = nn.Parameter(torch.randn(5, 3)), nn.Parameter(torch.randn(3))
    optimizer = kind([matrix, other], lr=0.1, weight_decay=0.1, betas=(0.9, 0.98))
    for step in range(steps):
        random = torch.Generator().manual_seed(step)
        optimizer.zero_grad()
        used = torch.arange(5) if rows is None else torch.tensor(rows)
        wanted = torch.randn(len(used), 3, generator=random)
        vectors = nn.functional.embedding(used, matrix, sparse=sparse)
        ((vectors * other - wanted) ** 2).sum().backward()
        optimizer.step()
    return matrix.detach(), other.detach()


def test_where_every_row_has_a_gradient_it_is_adamw():
    for found, expected in zip(_run(RowAdamW, True, 4), _run(torch.optim.AdamW, False, 4), strict=True):
        torch.testing.assert_close(found, expected)


def test_dense_gradients_are_adamws_own():
    for found, expected in zip(_run(RowAdamW, False, 4), _run(torch.optim.AdamW, False, 4), strict=True):
        assert torch.equal(found, expected)


def test_rows_without_a_gradient_stay_and_repeated_ones_add_up():
    start, _ = _run(RowAdamW, True, 0)
    moved, _ = _run(RowAdamW, True, 3, rows=[1, 3, 1])
    assert (moved != start).any(1).tolist() == [False, True, False, True, False]


@pytest.mark.parametrize("norm", [0.01, 1e9])
def test_sparse_gradients_are_clipped_as_dense_ones(norm):
    found = []
    for sparse in (True, False):
        torch.manual_seed(0)
        matrix, other = nn.Parameter(torch.randn(5, 3)), nn.Parameter(torch.randn(3))
        (nn.functional.embedding(torch.tensor([1, 1, 4]), matrix, sparse=sparse) * other).sum().backward()
        clip_gradients([matrix, other, nn.Parameter(torch.ones(2))], norm)
        found.append((matrix.grad.to_dense(), other.grad))
    torch.testing.assert_close(found[0], found[1])


def test_a_catalogue_called_large_is_learned_by_rows(ring, walks, small, tmp_path, monkeypatch):
    monkeypatch.setattr(config, "LARGE", 4)
    model = train("sasrec", ring, walks, tmp_path / "m", settings={**small["sasrec"], "negatives": 6})
    assert model.model.items.sparse
    hits = [
        model.top(Query(tuple(f"i{(start + s) % 8}" for s in range(3))), 1)[0].id == f"i{(start + 3) % 8}"
        for start in range(8)
    ]
    assert np.mean(hits) >= 0.75


def test_its_state_can_be_put_away_and_taken_up_again():
    def step(matrix, optimizer):
        optimizer.zero_grad()
        (nn.functional.embedding(torch.tensor([1, 4]), matrix, sparse=True) ** 2).sum().backward()
        optimizer.step()

    torch.manual_seed(0)
    through = nn.Parameter(torch.randn(5, 3))
    stopped = nn.Parameter(through.detach().clone())
    whole, first, second = (RowAdamW([p], lr=0.1) for p in (through, stopped, stopped))
    for _ in range(4):
        step(through, whole)
    for _ in range(2):
        step(stopped, first)
    second.load_state_dict(first.state_dict())
    for _ in range(2):
        step(stopped, second)
    assert torch.equal(stopped, through)
