"""The two-tower model on items that can be worked by hand."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tastemaker.recommenders.conversation.two_tower import SCALE, Spoken, Utilities, fit_two_tower, mean_rows

ITEMS = np.eye(4, 5, dtype=np.float32)
NOTHING = np.zeros(5, np.float32)
LEVEL = np.log(np.full(4, 0.25, np.float32))


def spoken(n=200):
    """The first text, or item 0, leads to item 2; the second, or item 1, to item 3."""
    texts = np.eye(2, dtype=np.float32)[np.arange(n) % 2] * (np.arange(n) % 3 > 0)[:, None]
    return Spoken(
        texts.astype(np.float32),
        [[number % 2] for number in range(n)],
        [[2 + number % 2] for number in range(n)],
    )


def test_without_a_step_it_is_dense_retrieval_and_popularity():
    prior = np.log(np.array([0.4, 0.3, 0.2, 0.1], np.float32))
    model = fit_two_tower(spoken(), ITEMS, prior, epochs=0)
    text = np.array([0.0, 1.0], np.float32)
    assert model.of(text, NOTHING, ITEMS) == pytest.approx(prior + SCALE * np.array([0, 1, 0, 0]))


@pytest.mark.parametrize(
    ("text", "before", "after"), [([1, 0], None, 2), ([0, 1], None, 3), ([0, 0], 0, 2), ([0, 0], 1, 3)]
)
def test_it_learns_from_texts_and_from_mentioned_items(text, before, after):
    model = fit_two_tower(spoken(), ITEMS, LEVEL, epochs=60)
    mentioned = NOTHING if before is None else ITEMS[before]
    utilities = model.of(np.array(text, np.float32), mentioned, ITEMS)
    assert utilities[after] > utilities[5 - after]


def test_utilities_are_linear_in_the_models():
    first, second = (fit_two_tower(spoken(), ITEMS, LEVEL, seed=seed) for seed in (0, 1))
    text, mentioned = np.array([0.6, 0.8], np.float32), ITEMS[1]
    both = [one.of(text, mentioned, ITEMS) for one in (first, second)]
    assert Utilities.mean_of([first, second]).of(text, mentioned, ITEMS) == pytest.approx(
        np.mean(both, axis=0), abs=1e-5
    )
    assert both[0] != pytest.approx(both[1])


def test_equal_seeds_give_equal_models_in_any_thread():
    def arrays(_):
        return fit_two_tower(spoken(), ITEMS, LEVEL, seed=3).arrays()

    with ThreadPoolExecutor(3) as threads:
        one, *others = threads.map(arrays, range(3))
    for other in others:
        assert all(np.array_equal(one[name], other[name]) for name in one)


def test_back_from_arrays():
    model = fit_two_tower(spoken(), ITEMS, LEVEL)
    again = Utilities.from_arrays({**model.arrays(), "else": NOTHING})
    assert np.array_equal(again.of_items, model.of_items)
    assert np.array_equal(again.prior, model.prior)


def test_several_named_items_share_a_moment():
    both = Spoken(np.zeros((40, 2), np.float32), [[0]] * 40, [[2, 3]] * 40)
    utilities = fit_two_tower(both, ITEMS, LEVEL, epochs=40).of(np.zeros(2, np.float32), ITEMS[0], ITEMS)
    assert utilities[2] == pytest.approx(utilities[3], abs=0.2)
    assert utilities[2] > utilities[1]


def test_mean_rows_of_no_rows_is_nothing():
    assert mean_rows(ITEMS, [[], [0, 1]]).tolist() == [[0, 0, 0, 0, 0], [0.5, 0.5, 0, 0, 0]]
