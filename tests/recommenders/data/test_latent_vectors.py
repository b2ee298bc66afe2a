"""Directions of a log that can be seen by eye."""

import numpy as np
import pytest

from tastemaker.recommenders.data.latent_vectors import latent_vectors
from tastemaker.retrieval.catalog.interactions import Interactions


def log(*histories):
    users = [str(n) for n, own in enumerate(histories) for _ in own]
    items = [item for own in histories for item in own]
    return Interactions.from_columns(users, items, list(range(len(items))))


TWO_TASTES = log([0, 1], [0, 1], [1, 0], [2, 3], [3, 2], [2, 3])


def test_items_of_one_taste_lie_together_and_those_of_two_at_right_angles():
    vectors = latent_vectors(TWO_TASTES, 5, size=2)
    assert (vectors.shape, vectors.dtype) == ((5, 2), np.float32)
    likeness = vectors @ vectors.T
    assert likeness[0, 1] == pytest.approx(1, abs=1e-5)
    assert likeness[0, 2] == pytest.approx(0, abs=1e-5)
    assert not vectors[4].any()


def test_fewer_directions_where_the_log_has_no_more():
    assert latent_vectors(TWO_TASTES, 5).shape[1] <= 4
    assert latent_vectors(log([0]), 1).shape == (1, 0)


def test_equal_seeds_give_equal_vectors():
    assert np.array_equal(latent_vectors(TWO_TASTES, 5, 2), latent_vectors(TWO_TASTES, 5, 2))


def test_equally_strong_directions_come_out_the_same_every_time():
    three_tastes = log(*[[n % 3, n % 3 + 3, n % 3 + 6] for n in range(12)])
    first = latent_vectors(three_tastes, 9)
    for _ in range(4):
        assert np.array_equal(latent_vectors(three_tastes, 9), first)
