import numpy as np
import pytest

from tastemaker.recommenders import Query, Vocabulary
from tastemaker.recommenders.baselines.activation import Activation, ages
from tastemaker.retrieval.catalog.interactions import Interactions

ABCD = Vocabulary("abcd")
PLAIN = {"backward": 0, "discount": 0, "window": 1}


def fitted(log, tmp_path, **settings):
    return Activation.fit(ABCD, log, tmp_path / "x", settings=PLAIN | settings)


@pytest.fixture
def paths():
    """a is followed by b twice and by c once."""
    return Interactions.from_columns(list("uuvvww"), [0, 1, 0, 1, 0, 2], range(6))


def test_activation_spreads_along_what_followed(paths, tmp_path):
    scores = fitted(paths, tmp_path).scores(Query(history=("a",)))
    np.testing.assert_allclose(scores, [0, 2 / 3, 1 / 3, 0], rtol=1e-6)


def test_the_discount_takes_popularity_out(paths, tmp_path):
    scores = fitted(paths, tmp_path, discount=1).scores(Query(history=("a",)))
    np.testing.assert_allclose(scores, [0, 1 / 2, 1 / 2, 0], rtol=1e-6)


def test_backward_association(paths, tmp_path):
    scores = fitted(paths, tmp_path, backward=1).scores(Query(history=("b",)))
    np.testing.assert_allclose(scores, [1, 0, 0, 0], rtol=1e-6)


def test_base_levels_by_hand_at_the_time_of_the_request(tmp_path):
    """a used 1 and 16 s ago, b 4 s ago, d = 0.5: a : b = (1 + 1/4) : 1/2, and everything is a repeat."""
    repeats = Interactions.from_columns(list("uuu"), [0, 0, 0], range(3))
    model = fitted(repeats, tmp_path, decay=0.5)
    query = Query(history=("a", "b", "a"), timestamps=(0, 12, 15), now=15)
    np.testing.assert_allclose(model.scores(query)[:2], [1.25 / 1.75, 0.5 / 1.75], rtol=1e-6)
    later = Query(history=("a", "b", "a"), timestamps=(0, 12, 15), now=1e9)
    np.testing.assert_allclose(model.scores(later)[:2], [2 / 3, 1 / 3], rtol=1e-4)


def test_it_repeats_as_often_as_people_did(tmp_path):
    """Half of what could have been a repeat was one: a a b."""
    log = Interactions.from_columns(list("uuuvvv"), [0, 0, 1, 0, 0, 1], range(6))
    model = fitted(log, tmp_path)
    np.testing.assert_allclose(model.scores(Query(history=("a",))), [0.5, 0.5, 0, 0], rtol=1e-6)
    assert model.top(Query(history=("a", "b")), 1, exclude_history=False)[0].id in "ab"


def test_without_times_a_step_is_the_unit(paths, tmp_path):
    model = fitted(paths, tmp_path)
    assert ages(model.read(Query(history=("a", "b", "c")))).tolist() == [3, 2, 1]
    timed = Query(history=("a", "b"), timestamps=(5, 9))
    assert ages(model.read(timed)).tolist() == [5, 1]


def test_counting_in_blocks_changes_nothing(tmp_path, monkeypatch):
    random = np.random.default_rng(0)
    log = Interactions.from_columns(
        [str(u) for u in random.integers(9, size=200)], random.integers(4, size=200)
    )
    whole = Activation.fit(ABCD, log, tmp_path / "x").arrays()
    monkeypatch.setattr("tastemaker.recommenders.baselines.activation.PAIRS_AT_ONCE", 3000)
    for name, array in Activation.fit(ABCD, log, tmp_path / "x").arrays().items():
        np.testing.assert_allclose(array, whole[name], rtol=1e-5)
