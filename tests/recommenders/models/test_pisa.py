import numpy as np
import pytest
import torch

from tastemaker.recommenders import Query, train
from tastemaker.recommenders.data.session_batches import collate
from tastemaker.recommenders.data.sessions import SessionHistory
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import DataError

DAY = 86_400.0
SETTINGS = {
    "size": 16,
    "layers": 1,
    "gap": DAY / 2,
    "training": {"epochs": 12, "hold_out": False, "batch_size": 16, "learning_rate": 0.01},
}


@pytest.fixture(scope="module")
def log():
    """Each person has a habit, taken every day, and beside it something new, the next item of the ring."""
    events = [
        (f"u{u}", row, 1e9 + day * DAY + place)
        for u in range(32)
        for day in range(6)
        for place, row in enumerate((u % 8, (u + 1 + day) % 8))
    ]
    return Interactions.from_columns(*zip(*events, strict=True))


@pytest.fixture(scope="module")
def model(log, ring, tmp_path_factory):
    return train("pisa", ring, log, tmp_path_factory.mktemp("m") / "m", settings=SETTINGS)


def _asked(habit: int, days: int) -> Query:
    rows = [row for day in range(days) for row in (habit, (habit + 1 + day) % 8)]
    times = [1e9 + day * DAY + place for day in range(days) for place in range(2)]
    return Query(history=tuple(f"i{row}" for row in rows), timestamps=tuple(times), now=1e9 + days * DAY)


def test_scores_are_chances_of_all_items(model):
    scores = model.scores_batch([_asked(2, 3), _asked(5, 1), Query(history=("i1",))])
    np.testing.assert_allclose(np.exp(scores).sum(1), 1, rtol=1e-4)


def test_a_habit_comes_back_before_what_was_taken_once(model):
    for habit in range(8):
        ranked = [scored.id for scored in model.top(_asked(habit, 4), 8, exclude_history=False)]
        once = {f"i{(habit + 1 + day) % 8}" for day in range(3)}
        assert ranked[0] == f"i{habit}"
        assert f"i{(habit + 5) % 8}" in ranked[:5], "what is new belongs among the first"
        assert len(once & set(ranked[:3])) < 3


def test_without_base_level_all_that_is_known_comes_to_mind_alike(model, log, ring, tmp_path):
    settings = {**SETTINGS, "base_level": False, "spreading": False}
    without = train("pisa", ring, log, tmp_path / "m", settings=settings)
    asked = _asked(3, 4)
    rows, times = np.array([int(id_[1:]) for id_ in asked.history]), np.array(asked.timestamps)
    history = SessionHistory.of(rows, times, DAY / 2)
    batch = collate([model.settings.example(history, float(history.times[-1]) + 2, np.array([0]))])
    told, silent = (one.network.repeat(batch)[0].exp() for one in (model, without))
    assert batch.known[0, 0] == 3
    assert told[0] > 2 * told[1:].max()
    assert torch.allclose(silent, silent.mean().expand_as(silent))


def test_sessions_that_never_end_are_refused(log, ring, tmp_path):
    with pytest.raises(DataError, match="set gap lower"):
        train("pisa", ring, log, tmp_path / "m", settings={**SETTINGS, "gap": 1e9})
