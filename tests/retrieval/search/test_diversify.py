"""Marginal relevance, caps and novelty on candidates solvable by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.search.diversify import Cap, diversify, novelty, within_caps

EAST, NORTH, DIAGONAL = (1.0, 0.0), (0.0, 1.0), (0.6, 0.8)
VECTORS = np.array([EAST, EAST, DIAGONAL, NORTH])
SCORES = np.array([10.0, 8.0, 6.0, 0.0])  # stretched: 1, .8, .6, 0


def test_each_next_is_relevant_and_unlike_the_chosen():
    # After 0: .5 * .8 - .5 * 1 = -.1, .5 * .6 - .5 * .6 = 0, 0. After 2: -.1 and -.4.
    assert diversify(SCORES, VECTORS, 4, balance=0.5) == [0, 2, 1, 3]


def test_the_ends_of_the_balance():
    assert diversify(SCORES, VECTORS, 4, balance=1) == [0, 1, 2, 3]
    # All are equal until one is chosen; then the one at a right angle, then the one at .8 before the copy at 1.
    assert diversify(SCORES, VECTORS, 4, balance=0) == [0, 3, 2, 1]


def test_the_scale_of_the_scores_does_not_matter():
    assert diversify(SCORES * 100 - 7, VECTORS, 4, balance=0.5) == diversify(SCORES, VECTORS, 4, balance=0.5)


def test_equal_candidates_go_in_the_order_in_which_they_came():
    assert diversify(np.full(3, 2.0), np.array([EAST] * 3), 3) == [0, 1, 2]


def test_caps_hold_while_diversifying():
    director = Cap([("Mann",), ("Mann",), ("Mann", "Lynch"), ("Lynch",)], most=1)
    assert diversify(SCORES, VECTORS, 4, balance=1, caps=[director]) == [0, 3]
    decade = Cap([("90s",), (), (), ("90s",)], most=1)
    assert diversify(SCORES, VECTORS, 4, balance=1, caps=[director, decade]) == [0]


def test_candidates_without_values_are_never_held_back():
    assert within_caps([3, 1, 0, 2], [Cap([("a",), (), (), ("a",)], most=1)], 3) == [3, 1, 2]


@given(
    values=st.lists(st.sets(st.sampled_from("abc")), min_size=1, max_size=20),
    most=st.integers(1, 3),
    seed=st.integers(0, 99),
)
def test_no_list_breaks_a_cap_and_none_could_take_one_more(values, most, seed):
    random = np.random.default_rng(seed)
    scores, vectors = random.random(len(values)), random.standard_normal((len(values), 3))
    for chosen in (
        diversify(scores, vectors, len(values), caps=[Cap(values, most)]),
        within_caps(range(len(values)), [Cap(values, most)], len(values)),
    ):
        counts = {value: sum(value in values[place] for place in chosen) for value in "abc"}
        left = set(range(len(values))) - set(chosen)
        assert max(counts.values()) <= most
        assert all(any(counts[value] == most for value in values[place]) for place in left)


def test_novelty_is_the_distance_to_the_nearest_thing_seen():
    assert novelty(VECTORS, np.array([EAST, DIAGONAL])).round(2).tolist() == [0, 0, 0, 0.2]
    assert novelty(VECTORS, np.empty((0, 2))).tolist() == [1, 1, 1, 1]


def test_nothing_to_choose_from():
    assert diversify(np.empty(0), np.empty((0, 2)), 5) == []
    assert diversify(SCORES, VECTORS, 0) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"scores": SCORES[:3]}, r"scores of shape \(3,\) don't fit"),
        ({"scores": np.array([1, 2, 3, -np.inf])}, "not finite"),
        ({"balance": 1.5}, "1.5 is not allowed"),
        ({"caps": [Cap([()] * 4, most=0)]}, "a cap of 0"),
        ({"caps": [Cap([()], most=1)]}, "values for 1 candidates of 4"),
    ],
)
def test_bad_input_is_told(change, complaint):
    with pytest.raises(QueryError, match=complaint):
        diversify(**{"scores": SCORES, "vectors": VECTORS, "k": 2, **change})
