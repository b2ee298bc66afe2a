"""Many histories as one sparse matrix, the later items weighing more if so wanted."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tastemaker.recommenders.data.resolved_query import ResolvedQuery

Rows = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]

NEGLIGIBLE = 16
"""Half-lives after which an item is left out: it would count a 65,536th."""


def recency_weights(length: int, half_life: float | None) -> Weights:
    """float32[length]: 1 for the latest item, half as much ``half_life`` items earlier; None: all 1.

    >>> recency_weights(3, 1).tolist(), recency_weights(2, None).tolist()
    ([0.25, 0.5, 1.0], [1.0, 1.0])
    """
    if half_life is None:
        return np.ones(length, np.float32)
    ages = np.arange(length - 1, -1, -1, dtype=np.float32)
    weights: Weights = np.exp2(-ages / np.float32(half_life))
    return weights


def history_matrix(
    resolved_queries: Sequence[ResolvedQuery], n_items: int, half_life: float | None = None
) -> sparse.csr_array:
    """float32[len(readings), n_items]: the weight of each item in each history."""
    longest = None if half_life is None else -math.ceil(NEGLIGIBLE * half_life)
    rows = [resolved.rows[longest:] for resolved in resolved_queries]
    return weighted_rows(rows, [recency_weights(len(own), half_life) for own in rows], n_items)


def weighted_rows(rows: Sequence[Rows], weights: Sequence[Weights], n_items: int) -> sparse.csr_array:
    """float32[len(rows), n_items]: weights at these item rows, those of an item that comes twice to be added.

    Its indices are int32 like those of the saved matrices: of two index types, scipy would copy
    a whole matrix at every product.
    """
    ends = np.cumsum([0, *(len(own) for own in rows)]).astype(np.int32)
    data = np.concatenate([np.empty(0, np.float32), *weights])
    columns = np.concatenate([np.empty(0, np.int64), *rows]).astype(np.int32)
    return sparse.csr_array((data, columns, ends), shape=(len(rows), n_items))
