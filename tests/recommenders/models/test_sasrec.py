import os
import signal

import numpy as np
import pytest
import torch

from tastemaker.recommenders import Query, SASRecConfig, TrainingInterrupted, train
from tastemaker.recommenders.data.sequences import pad
from tastemaker.recommenders.layers.causal_encoder import CausalEncoder
from tastemaker.recommenders.losses.softmax_loss import SoftmaxLoss
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError, DataError, WorkspaceError


@pytest.fixture(scope="module")
def model(ring, walks, small, tmp_path_factory):
    return train("sasrec", ring, walks, tmp_path_factory.mktemp("m") / "sasrec", settings=small["sasrec"])


@pytest.mark.parametrize("start", range(8))
def test_it_learns_the_ring(model, start):
    history = tuple(f"i{(start + step) % 8}" for step in range(3))
    assert model.top(Query(history=history), 1)[0].id == f"i{(start + 3) % 8}"


def test_a_state_sees_nothing_after_it():
    torch.manual_seed(0)
    encoder = CausalEncoder(size=8, layers=2, heads=2, max_length=5, dropout=0.5).eval()
    vectors = torch.randn(1, 5, 8)
    changed = vectors.clone()
    changed[:, 3:] = 7.0
    sequences = pad([np.arange(5)], [None], 5)
    torch.testing.assert_close(encoder(vectors, sequences)[:, :3], encoder(changed, sequences)[:, :3])


def test_the_last_state_is_the_last_of_all_states():
    torch.manual_seed(0)
    encoder = CausalEncoder(size=8, layers=2, heads=2, max_length=5, dropout=0.5).eval()
    sequences = pad([np.arange(5), np.arange(2)], [None, None], 5)
    vectors = torch.randn(2, 5, 8)
    everything = encoder(vectors, sequences)
    torch.testing.assert_close(
        encoder.last(vectors, sequences), torch.stack([everything[0, 4], everything[1, 1]])
    )


def _after(monkeypatch, calls, act):
    """Let ``act`` happen in the given training step."""
    real, count = SoftmaxLoss.__call__, [0]

    def stopping(self, model, batch):
        count[0] += 1
        if count[0] == calls:
            act()
        return real(self, model, batch)

    monkeypatch.setattr(SoftmaxLoss, "__call__", stopping)


def _crash():
    raise RuntimeError("power cut")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_continues_to_the_same_result(number, model, ring, walks, small, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        _after(patch, 7, lambda: os.kill(os.getpid(), number))
        with pytest.raises(TrainingInterrupted, match="run the same again"):
            train("sasrec", ring, walks, tmp_path / "m", settings=small["sasrec"])
    assert [p.name for p in tmp_path.iterdir()] == ["m.checkpoint.safetensors"]
    _check_resumed(model, ring, walks, small, tmp_path, monkeypatch, steps_done=7)


def test_a_crashed_run_continues_to_the_same_result(model, ring, walks, small, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        _after(patch, 23, _crash)
        with pytest.raises(RuntimeError, match="power cut"):
            train("sasrec", ring, walks, tmp_path / "m", settings=small["sasrec"])
    _check_resumed(model, ring, walks, small, tmp_path, monkeypatch, steps_done=20)


def _check_resumed(model, ring, walks, small, tmp_path, monkeypatch, steps_done):
    steps = []
    _after(monkeypatch, -1, _crash)
    counted = SoftmaxLoss.__call__
    monkeypatch.setattr(SoftmaxLoss, "__call__", lambda *a: steps.append(1) or counted(*a))
    resumed = train("sasrec", ring, walks, tmp_path / "m", settings=small["sasrec"])
    for name, array in model.arrays().items():
        np.testing.assert_array_equal(resumed.arrays()[name], array)
    assert len(steps) == 30 * 4 - steps_done
    assert [p.name for p in tmp_path.iterdir()] == ["m"]


def test_another_runs_checkpoint_is_not_continued(ring, walks, small, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        _after(patch, 7, lambda: os.kill(os.getpid(), signal.SIGINT))
        with pytest.raises(TrainingInterrupted):
            train("sasrec", ring, walks, tmp_path / "m", seed=5, settings=small["sasrec"])
    fresh = train("sasrec", ring, walks, tmp_path / "m", seed=6, settings=small["sasrec"])
    other = train("sasrec", ring, walks, tmp_path / "n", seed=6, settings=small["sasrec"])
    np.testing.assert_array_equal(fresh.scores(Query(("i1",))), other.scores(Query(("i1",))))


def test_a_broken_checkpoint_is_named(ring, walks, small, tmp_path):
    (tmp_path / "m.checkpoint.safetensors").write_bytes(b"junk")
    with pytest.raises(WorkspaceError, match="delete it"):
        train("sasrec", ring, walks, tmp_path / "m", settings=small["sasrec"])


def test_training_shows_loss_metric_and_time_left(ring, walks, small, tmp_path, capsys):
    train("sasrec", ring, walks, tmp_path / "m", progress=True, settings=small["sasrec"])
    shown = capsys.readouterr().err
    assert "loss=" in shown
    assert "ndcg=" in shown
    assert "<" in shown


def test_a_log_too_short_to_learn_an_order_from(ring, tmp_path):
    with pytest.raises(DataError, match="three or more interactions"):
        train("sasrec", ring, Interactions.from_columns(["a", "a"], [0, 1], [0, 1]), tmp_path / "m")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"dropout": 1.5}, "dropout"),
        ({"heads": 3}, "must divide"),
        ({"training": {"epochs": 0}}, "training.epochs"),
    ],
)
def test_a_wrong_setting_is_named(ring, walks, tmp_path, settings, said):
    with pytest.raises(ConfigError, match=said):
        train("sasrec", ring, walks, tmp_path / "m", settings=settings)


def test_the_config_is_frozen():
    with pytest.raises(ValueError, match="frozen"):
        SASRecConfig().size = 3
