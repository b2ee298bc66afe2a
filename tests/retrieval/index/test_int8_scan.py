import numpy as np
import pytest
import torch

from tastemaker.retrieval.index import int8_scan as item_scan
from tastemaker.retrieval.index.int8_scan import Int8Scan, exact_top

ITEMS = torch.randn(5000, 24, generator=torch.Generator().manual_seed(0))
VECTOR = torch.randn(24, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("k", [1, 10, 100])
def test_both_find_the_best_with_exact_scores(k):
    expected = np.argsort(-(ITEMS @ VECTOR).numpy(), kind="stable")[:k]
    for rows, scores in (exact_top(ITEMS, VECTOR, k), Int8Scan(ITEMS).top(VECTOR, k)):
        assert rows.tolist() == expected.tolist()
        np.testing.assert_allclose(scores, (ITEMS @ VECTOR).numpy()[expected], rtol=1e-5)


def test_blocks_leave_no_seam(monkeypatch):
    whole = Int8Scan(ITEMS).top(VECTOR, 50)[0]
    monkeypatch.setattr(item_scan, "BLOCK", 777)
    assert Int8Scan(ITEMS).top(VECTOR, 50)[0].tolist() == whole.tolist()


def test_fewer_items_than_asked_for():
    for rows, _ in (exact_top(ITEMS[:3], VECTOR, 9), Int8Scan(ITEMS[:3]).top(VECTOR, 9)):
        assert sorted(rows.tolist()) == [0, 1, 2]


def test_ties_come_by_row_and_zeros_do_no_harm():
    same = torch.zeros(600, 24)
    same[300:] = 1
    ones = torch.ones(24)
    for rows, scores in (exact_top(same, ones, 3), Int8Scan(same).top(ones, 3)):
        assert rows.tolist() == [300, 301, 302]
        assert scores.tolist() == [24, 24, 24]
    assert Int8Scan(same).top(torch.zeros(24), 2)[1].tolist() == [0, 0]


def test_scales_of_items_that_differ_a_thousandfold():
    scaled = ITEMS * torch.logspace(-3, 3, 5000)[:, None]
    assert Int8Scan(scaled).top(VECTOR, 20)[0].tolist() == exact_top(scaled, VECTOR, 20)[0].tolist()


def test_banned_rows_are_left_out_before_the_cut():
    best = exact_top(ITEMS, VECTOR, 30)[0]
    banned = np.concatenate([best[:10][::-1], best[:3], [4999]])
    for rows, _ in (exact_top(ITEMS, VECTOR, 5, banned), Int8Scan(ITEMS).top(VECTOR, 5, banned)):
        assert rows.tolist() == [row for row in best if row not in banned][:5]
    everything = np.arange(5000)
    assert (
        len(exact_top(ITEMS, VECTOR, 5, everything)[0])
        == len(Int8Scan(ITEMS).top(VECTOR, 5, everything)[0])
        == 0
    )
