import numpy as np
import pytest

from tastemaker.recommenders import Query, train
from tastemaker.recommenders.baselines.tifu_knn import TIFUKNNConfig, frequencies
from tastemaker.recommenders.data.sessions import SessionHistory
from tastemaker.retrieval.catalog.interactions import Interactions


def test_frequencies_decay_within_groups_and_between_them():
    settings = TIFUKNNConfig(group=2, within=0.5, between=0.1)
    history = SessionHistory.of(
        np.array([5, 5, 6]), None, settings.gap
    )  # three sessions, the latest group holds two
    rows, own = frequencies(history, settings)
    assert rows.tolist() == [5, 6]
    assert own == pytest.approx([(0.1 + 0.5 / 2) / 2, (1 / 2) / 2])


def test_own_habits_come_first_then_those_of_people_alike(ring, tmp_path):
    columns = [("a", 1), ("a", 1), ("a", 2), ("b", 1), ("b", 1), ("b", 3), ("c", 5), ("c", 6), ("d", 6)]
    log = Interactions.from_columns(*zip(*columns, strict=True))
    model = train("tifu-knn", ring, log, tmp_path / "m", settings={"neighbours": 2})
    top = [scored.id for scored in model.top(Query(history=("i1", "i1")), 3, exclude_history=False)]
    assert top[0] == "i1"
    assert set(top[1:]) == {"i2", "i3"}  # not i6, though it is as popular
