"""Objectives against sums written out, and that a model learns with each of them."""

import numpy as np
import pytest
import torch

from tastemaker.recommenders import Query, train
from tastemaker.recommenders.data.sequence_batches import SequenceBatches
from tastemaker.recommenders.layers.causal_encoder import CausalEncoder
from tastemaker.recommenders.layers.code_items import CodeItems
from tastemaker.recommenders.layers.code_model import CodeModel
from tastemaker.recommenders.losses.cloze_loss import ClozeLoss, whole
from tastemaker.recommenders.losses.code_loss import WholeIdLoss
from tastemaker.recommenders.losses.gbce_loss import CalibratedLoss, calibrated_loss, target_power
from tastemaker.recommenders.losses.sampled_softmax_loss import SampledSoftmaxLoss, sampled_softmax_loss
from tastemaker.recommenders.losses.softmax_loss import SoftmaxLoss
from tastemaker.recommenders.models.sasrec import SASRecConfig
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError


def test_a_sample_of_every_item_once_is_the_whole_softmax():
    random = torch.Generator().manual_seed(0)
    scores, targets = torch.randn(3, 9, generator=random), torch.tensor([2, 0, 8])
    drawn = torch.arange(9)
    loss = sampled_softmax_loss(scores[torch.arange(3), targets], scores, targets, drawn, torch.zeros(9))
    torch.testing.assert_close(loss, torch.nn.functional.cross_entropy(scores, targets))


def test_the_sampled_partition_sum_is_right_on_average():
    torch.manual_seed(0)
    sampled = SampledSoftmaxLoss.over(torch.tensor([90, 5, 5, 0, 40, 1]), negatives=200_000)
    scores, drawn = torch.randn(6), sampled.draw(200_000)
    estimate = (scores[drawn] - sampled.log_draws(drawn)).exp().sum()
    torch.testing.assert_close(estimate, scores.exp().sum(), rtol=0.02, atol=0.0)


def test_draws_are_as_frequent_as_they_are_said_to_be():
    torch.manual_seed(0)
    sampled = SampledSoftmaxLoss.over(torch.tensor([80, 0, 15]), negatives=1)
    found = torch.bincount(sampled.draw(100_000), minlength=3) / 100_000
    weights = torch.tensor([81.0, 1.0, 16.0]) ** 0.75
    torch.testing.assert_close(found, weights / weights.sum(), atol=0.01, rtol=0.0)


def test_rivals_weigh_the_others_as_so_many_even_draws_would():
    torch.manual_seed(0)
    counts, scores = torch.tensor([90, 5, 5, 0, 40, 1]), torch.randn(6)
    sampled = SampledSoftmaxLoss.over(counts, negatives=200_000, rivals=2)
    drawn = sampled.draw(200_000)
    others, target = scores[drawn][None], torch.tensor([4])
    loss = sampled_softmax_loss(
        scores[target], others, target, drawn, sampled.log_draws(drawn) + sampled.margin
    )
    two_of_six = 2 / 6 * (scores.exp().sum() - scores[4].exp())
    torch.testing.assert_close(loss, (scores[4].exp() + two_of_six).log() - scores[4], rtol=0.02, atol=0.0)
    assert SampledSoftmaxLoss.over(counts, negatives=9, rivals=7).margin == 0


def test_an_id_as_a_whole_is_told_from_those_of_all_items():
    torch.manual_seed(0)
    codes, count = torch.tensor([[0, 1], [1, 1], [2, 0], [0, 2], [1, 2]]), 3
    model = CodeModel(CodeItems(codes, count, 8), CausalEncoder(8, 1, 1, 4, 0.0), 8, scale=0.5)
    torch.nn.init.normal_(model.turn)
    states, targets = torch.randn(4, 8), torch.tensor([0, 3, 3, 4])
    logits = model.logits(states)  # [levels, p, count]
    of_items = sum(logits[level][:, codes[:, level]] for level in range(2))
    loss = WholeIdLoss.over(torch.tensor([9, 0, 3, 1, 1]), 200_000).on(model, states, targets)
    expected = torch.nn.functional.cross_entropy(of_items, targets)
    torch.testing.assert_close(loss, expected, rtol=0.01, atol=0.0)


def test_gbce_is_its_formula():
    wanted, others = torch.tensor([1.0, -0.5]), torch.tensor([[0.2, -1.0], [0.0, -torch.inf]])
    expected = sum(
        -0.4 * torch.sigmoid(w).log() - (1 - torch.sigmoid(o)).log().sum()
        for w, o in zip(wanted, others, strict=True)
    )
    torch.testing.assert_close(calibrated_loss(wanted, others, power=0.4), expected / 2)


def test_gbce_with_every_item_as_a_negative_needs_no_correction():
    assert target_power(n_items=11, negatives=10, calibration=0.7) == pytest.approx(1.0)


def _batch(lengths):
    users = [f"u{user}" for user, length in enumerate(lengths) for _ in range(length)]
    log = Interactions.from_columns(users, np.arange(len(users)))
    return next(SequenceBatches(log, max_length=5, batch_size=9).epoch(np.random.default_rng(0)))


def test_cloze_reads_whole_sequences():
    rows, real = whole(_batch([3, 5]))
    assert sorted(r[own].tolist() for r, own in zip(rows, real, strict=True)) == [[0, 1, 2], [3, 4, 5, 6, 7]]


def test_cloze_hides_its_share_and_something_of_every_sequence():
    torch.manual_seed(0)
    real = torch.arange(40) < torch.tensor([40, 2]).repeat(500)[:, None]
    shown, hidden = ClozeLoss(mask_share=0.3, last_share=0.0).draw(real)
    assert hidden[::2].float().mean().item() == pytest.approx(0.3, abs=0.01)
    assert hidden.any(1).all()
    assert not (hidden & ~real).any()
    assert (shown[::2] == real[::2]).all()
    shown, last = ClozeLoss(mask_share=0.3, last_share=1.0).draw(real)
    assert (last.sum(1) == 1).all()
    assert (last.float().argmax(1) == shown.sum(1) - 1).all()  # nothing after it is shown
    assert last.float().argmax(1)[::2].unique().tolist() == list(range(1, 40))
    assert (last[1::2].float().argmax(1) == 1).all()


def test_the_catalogues_size_decides_where_nothing_is_said():
    few, many = torch.ones(20_000), torch.ones(20_001)
    assert isinstance(SASRecConfig().objective(few), SoftmaxLoss)
    assert isinstance(SASRecConfig().objective(many), SampledSoftmaxLoss)
    assert isinstance(SASRecConfig(loss="softmax").objective(many), SoftmaxLoss)
    assert isinstance(SASRecConfig(loss="gbce").objective(few), CalibratedLoss)


@pytest.mark.parametrize("loss", ["sampled", "gbce"])
def test_the_ring_is_learned_from_samples(loss, ring, walks, small, tmp_path):
    settings = {**small["sasrec"], "loss": loss, "negatives": 4}
    model = train("sasrec", ring, walks, tmp_path / "m", settings=settings)
    hits = [
        model.top(Query(history=tuple(f"i{(start + s) % 8}" for s in range(3))), 1)[0].id
        == f"i{(start + 3) % 8}"
        for start in range(8)
    ]
    assert sum(hits) >= 7


def test_a_loss_it_does_not_have_is_named(ring, walks, tmp_path):
    with pytest.raises(ConfigError, match=r"loss.*softmax"):
        train("sasrec", ring, walks, tmp_path / "m", settings={"loss": "hinge"})
