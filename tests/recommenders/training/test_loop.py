"""The training loop's dials: step size, how often and on whom it validates, and what it writes down."""

import numpy as np
import pytest
import torch

from tastemaker.recommenders import Query, load_recommender, train
from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.data.sequence_batches import SequenceBatches
from tastemaker.recommenders.models.sasrec import SASRecConfig
from tastemaker.recommenders.training import fit as next_item_training
from tastemaker.recommenders.training import loop as training
from tastemaker.recommenders.training.lr_schedule import rate_share
from tastemaker.recommenders.training.matmul_precision import WIDE, encoder_matmul
from tastemaker.retrieval.errors import ConfigError


def _train(ring, walks, small, folder, **changes):
    settings = {**small["sasrec"], "training": {**small["sasrec"]["training"], **changes}}
    return train("sasrec", ring, walks, folder, settings=settings)


def test_the_step_size_climbs_stays_or_falls():
    assert [rate_share(s, 10, 0, 1.0) for s in (0, 5, 9)] == [1.0, 1.0, 1.0]
    assert [rate_share(s, 10, 4, 1.0) for s in (0, 1, 3, 4)] == [0.25, 0.5, 1.0, 1.0]
    falling = [rate_share(s, 10, 2, 0.1) for s in range(2, 10)]
    assert falling == sorted(falling, reverse=True)
    assert rate_share(10, 10, 2, 0.1) == pytest.approx(0.1)


def test_the_step_size_reaches_the_optimiser(ring, walks, small, tmp_path, monkeypatch):
    seen, real = [], training._Run._set_rate

    def watched(self):
        real(self)
        seen.append(self.optimizer.param_groups[0]["lr"])

    monkeypatch.setattr(training._Run, "_set_rate", watched)
    _train(ring, walks, small, tmp_path / "m", epochs=2, warmup_steps=4, final_rate=0.0, learning_rate=0.008)
    assert seen[:4] == pytest.approx([0.002, 0.004, 0.006, 0.008])
    assert seen[-1] < 0.002


@pytest.mark.parametrize(("every", "epochs", "validated"), [(1, 5, 5), (2, 5, 3), (3, 6, 2), (9, 4, 1)])
def test_it_validates_every_so_many_epochs_and_at_the_end(
    every, epochs, validated, ring, walks, small, tmp_path, monkeypatch
):
    asked, real = [], next_item_training.mean_ndcg
    monkeypatch.setattr(next_item_training, "mean_ndcg", lambda ranks: asked.append(1) or real(ranks))
    model = _train(ring, walks, small, tmp_path / "m", epochs=epochs, patience=9, validate_every=every)
    assert len(asked) == validated
    assert model.record["epochs"] == epochs


def test_it_validates_on_so_many_users_the_same_each_time(ring, walks, small, tmp_path, monkeypatch):
    asked, real = [], next_item_training.mean_ndcg
    monkeypatch.setattr(
        next_item_training, "mean_ndcg", lambda ranks: asked.append(len(ranks)) or real(ranks)
    )
    _train(ring, walks, small, tmp_path / "m", epochs=2, validation_users=5)
    _train(ring, walks, small, tmp_path / "n", epochs=1, validation_users=500)
    assert asked == [5, 5, 32]
    monkeypatch.setattr(next_item_training, "MIN_USERS", 3)
    monkeypatch.setattr(next_item_training, "SCORES_PER_VALIDATION", 8 * 7)
    _train(ring, walks, small, tmp_path / "o", epochs=1)
    assert asked[-1] == 7


def test_patience_shorter_than_the_wait_for_a_validation_is_refused(ring, walks, small, tmp_path):
    with pytest.raises(ConfigError, match="validate_every"):
        _train(ring, walks, small, tmp_path / "m", patience=2, validate_every=3)


def test_without_a_held_out_item_it_learns_from_all_for_all_epochs(ring, walks, small, tmp_path, monkeypatch):
    seen, real = [], next_item_training.SequenceBatches

    def watched(log, *rest):
        seen.append(len(log))
        return real(log, *rest)

    monkeypatch.setattr(next_item_training, "SequenceBatches", watched)
    model = _train(ring, walks, small, tmp_path / "m", epochs=12, patience=2, hold_out=False)
    assert seen == [len(walks)]
    assert model.record["epochs"] == model.record["best_epoch"] == 12
    assert "validation_ndcg@10" not in model.record
    assert model.top(Query(history=("i1", "i2", "i3")), 1)[0].id == "i4"


def test_the_record_survives_saving(ring, walks, small, tmp_path):
    model = _train(ring, walks, small, tmp_path / "m", epochs=3)
    assert model.record["epochs"] == 3
    assert 1 <= model.record["best_epoch"] <= 3
    assert load_recommender(tmp_path / "m", ring).record == model.record


def test_half_precision_in_a_wide_encoder_gives_nearly_the_same_loss_and_gradient(walks):
    settings = SASRecConfig(size=WIDE, heads=2, max_length=6, dropout=0.0)
    torch.manual_seed(0)
    model, batch = (
        settings.compose(ItemTable(8)),
        next(SequenceBatches(walks, 6, 8).epoch(np.random.default_rng(0))),
    )
    loss = settings.objective(torch.ones(8))
    found = {}
    for precision in (torch.float32, torch.bfloat16):
        model.zero_grad()
        value = type(loss)(encoder=precision)(model, batch)
        value.backward()
        found[precision] = torch.cat([value.detach()[None], model.items.weight.grad.flatten()])
    torch.testing.assert_close(found[torch.bfloat16], found[torch.float32], rtol=0.1, atol=3e-3)
    assert not torch.equal(found[torch.bfloat16], found[torch.float32])
    assert encoder_matmul(WIDE - 1) == torch.float32
