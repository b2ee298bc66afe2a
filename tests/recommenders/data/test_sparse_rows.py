"""Matrices of who took what."""

import numpy as np

from tastemaker.recommenders.data.sparse_rows import user_item_matrix


def test_a_matrix_leaves_the_order_of_the_log_alone(film_log):
    before = film_log.item.copy()
    assert not np.all(np.diff(before) >= 0)
    matrix = user_item_matrix(film_log, 12)
    assert np.array_equal(film_log.item, before)
    assert matrix[[0], :].sum() == len(set(before[: film_log.offsets[1]].tolist()))
