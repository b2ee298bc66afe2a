"""The parts on their own: loss, dropout, batches, cut, hold-out."""

import numpy as np
import pytest
import torch

from tastemaker.recommenders.data.hold_out import hold_out_last
from tastemaker.recommenders.data.sequence_batches import SequenceBatches
from tastemaker.recommenders.layers.byte_dropout import ByteDropout
from tastemaker.recommenders.layers.item_embedding import ItemEmbedding
from tastemaker.recommenders.losses.softmax_loss import CHUNK, softmax_loss
from tastemaker.recommenders.training.target_rank import target_rank
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.top_k import top_k


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("targets", [3, CHUNK + 5])
def test_the_softmax_loss_and_its_gradients_are_cross_entropys(smoothing, targets):
    random = torch.Generator().manual_seed(0)
    states, items = (torch.randn(n, 4, generator=random, requires_grad=True) for n in (targets, 9))
    wanted = torch.randint(9, (targets,), generator=random)
    reference = torch.nn.functional.cross_entropy(states @ items.T, wanted, label_smoothing=smoothing)
    expected = torch.autograd.grad(2 * reference, (states, items))
    loss = softmax_loss(states, items, wanted, smoothing)
    torch.testing.assert_close(loss, reference)
    torch.testing.assert_close(torch.autograd.grad(2 * loss, (states, items)), expected)


@pytest.mark.parametrize("sparse", [False, True])
def test_unit_items_are_read_and_scored_at_length_one(sparse):
    items = ItemEmbedding(5, 4, sparse, unit=True)
    torch.testing.assert_close(items.matrix().norm(dim=1), torch.ones(5))
    torch.testing.assert_close(items(torch.tensor([[3, 1]]))[0], items.matrix()[[3, 1]])
    items(torch.tensor([[3]])).sum().backward()
    assert items.weight.grad.is_sparse == sparse


def test_byte_dropout_drops_its_share_and_keeps_the_mean():
    torch.manual_seed(0)
    layer, ones = ByteDropout(0.25), torch.ones(300, 333)
    dropped = layer(ones)
    assert (dropped == 0).float().mean().item() == pytest.approx(0.25, abs=0.01)
    assert dropped.mean().item() == pytest.approx(1.0, abs=0.01)
    assert layer.eval()(ones) is ones


def _windows(batches, seed=0):
    found = []
    for batch in batches.epoch(np.random.default_rng(seed)):
        targets = iter(batch.targets.tolist())
        for rows, length in zip(batch.sequences.rows.tolist(), batch.sequences.lengths.tolist(), strict=True):
            found.append((rows[:length], [next(targets) for _ in range(length)]))
        assert next(targets, None) is None
    return sorted(found)


def test_every_interaction_but_the_first_is_a_target_once():
    log = Interactions.from_columns(["a"] * 6 + ["b"] * 2 + ["c"], [0, 1, 2, 3, 4, 5, 7, 8, 9], range(9))
    batches = SequenceBatches(log, max_length=3, batch_size=2)
    assert _windows(batches) == [([0, 1], [1, 2]), ([2, 3, 4], [3, 4, 5]), ([7], [8])]
    assert len(list(batches.epoch(np.random.default_rng(0)))) == len(batches) == 2


def test_items_of_the_same_second_are_dealt_in_random_order_and_others_not():
    log = Interactions.from_columns(["a"] * 4, [0, 1, 2, 3], [5, 7, 7, 9])
    batches = SequenceBatches(log, max_length=3, batch_size=2)
    seen = {str(_windows(batches, seed)) for seed in range(20)}
    assert seen == {"[([0, 1, 2], [1, 2, 3])]", "[([0, 2, 1], [2, 1, 3])]"}


def test_top_k_breaks_ties_by_place_and_never_returns_what_is_ruled_out():
    scores = np.array([2, np.nan, 2, -np.inf, 5, 2], np.float32)
    assert top_k(scores, 2).tolist() == [4, 0]
    assert top_k(scores, 3).tolist() == [4, 0, 2]
    assert top_k(scores, 99).tolist() == [4, 0, 2, 5]
    assert top_k(scores[:0], 3).tolist() == []


def test_top_k_is_the_head_of_a_full_sort():
    scores = np.random.default_rng(0).integers(0, 50, 500).astype(np.float32)
    for k in (1, 7, 499, 500):
        assert top_k(scores, k).tolist() == np.argsort(-scores, kind="stable")[:k].tolist()


def test_a_score_that_is_no_number_ranks_last():
    assert target_rank(np.array([np.nan, 1, 2], np.float32), 0) == 3
    assert target_rank(np.array([np.nan, 1, 2], np.float32), 2) == 2
    assert target_rank(np.zeros(5, np.float32), 3) == 5


def test_a_target_that_was_seen_before_still_counts():
    assert target_rank(np.array([3, 2, 1], np.float32), 1, seen=np.array([0, 1])) == 1


def test_holding_out_takes_the_last_and_spares_the_short():
    log = Interactions.from_columns(["a", "a", "a", "b"], [4, 5, 6, 7], [3, 1, 2, 0], [1, 2, 3, 4])
    held = hold_out_last(log, keep=2)
    assert held.rest.item.tolist() == [5, 6, 7]
    assert held.rest.rating.tolist() == [2, 3, 4]
    assert held.rest.users == ("a", "b")
    assert (held.user.tolist(), held.item.tolist(), held.timestamp.tolist()) == ([0], [4], [3.0])
