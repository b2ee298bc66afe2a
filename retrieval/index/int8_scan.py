"""The best k of a large item matrix for one vector: all in float32, or a first look in int8.

Reading the matrix is what takes the time, so the int8 copy, a quarter of the size, is read in
full and only a few of the best are scored again in float32. Both go block by block: the scores
of a block stay in the processor's cache, and no array of all scores is ever made.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from tastemaker.retrieval.top_k import top_k

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

BLOCK = 65_536
SECOND_LOOK = 8
"""For the best k, so many times k items are scored again in float32."""
MIN_SECOND_PASS = 256
NONE = np.empty(0, np.int64)


def exact_top(items: Tensor, vector: Tensor, k: int, banned: Rows = NONE) -> tuple[Rows, Scores]:
    """Rows and scores of the k items with the highest inner products, the best first, ties by row.

    Args:
        items: float32[n_items, d].
        vector: float32[d].
        k: how many, at least 1; fewer come back where there are fewer items.
        banned: rows that are not to be returned, in any order.
    """
    return _best_of_blocks(lambda block: items[block] @ vector, len(items), k, banned)


class Int8Scan:
    """An int8 copy of an item matrix, with one scale per item, beside the float32 original.

    It needs d + 4 bytes per item on top of the original's 4 d. An item that belongs to the best
    k is missed only if rounding throws it out of the best 8 k (256 at least) of the first look.

    Args:
        items: float32[n_items, d].
    """

    def __init__(self, items: Tensor) -> None:
        self._items = items
        self._rounded = torch.empty(items.shape, dtype=torch.int8)
        self._scales = torch.empty(len(items))
        for start in range(0, len(items), BLOCK):
            block = slice(start, start + BLOCK)
            self._rounded[block], self._scales[block] = _quantise(items[block])

    def top(
        self, vector: Tensor, k: int, banned: Rows = NONE, keep: Mask | None = None
    ) -> tuple[Rows, Scores]:
        """Like :func:`exact_top`, with exact scores, by one reading of the int8 copy.

        ``keep`` says which items may be returned, bool[n_items], less the ``banned`` ones; all if left out.
        """
        short = _quantise(vector[None, :])[0].T  # int8[d, 1]; the vector's own scale changes no order
        looked, _ = _best_of_blocks(
            lambda block: torch._int_mm(self._rounded[block], short)[:, 0] * self._scales[block],
            len(self._items),
            max(SECOND_LOOK * k, MIN_SECOND_PASS),
            banned,
            keep,
        )
        looked.sort()  # so that ties come by row
        scores = (self._items[torch.from_numpy(looked)] @ vector).numpy()
        best = top_k(scores, k)
        return looked[best], scores[best]


def _best_of_blocks(
    score: Callable[[slice], Tensor],
    n_items: int,
    k: int,
    banned: Rows = NONE,
    keep: Mask | None = None,
) -> tuple[Rows, Scores]:
    """The best k of all blocks' scores; after the first blocks hardly any item passes the floor."""
    rows, scores = np.empty(0, np.int64), np.empty(0, np.float32)
    floor, banned = -np.inf, np.sort(banned)
    for start in range(0, n_items, BLOCK):
        own = score(slice(start, start + BLOCK)).numpy()
        first, end = np.searchsorted(banned, [start, start + BLOCK])
        own[banned[first:end] - start] = -np.inf
        above = own > floor  # an equal score in a later row comes after
        passed = np.flatnonzero(above if keep is None else above & keep[start : start + BLOCK])
        rows, scores = np.concatenate([rows, passed + start]), np.concatenate([scores, own[passed]])
        if len(scores) > k:
            best = top_k(scores, k)
            rows, scores = rows[best], scores[best]
            floor = scores[-1]
    best = top_k(scores, k)
    return rows[best], scores[best]


def _quantise(rows: Tensor) -> tuple[Tensor, Tensor]:
    """int8[n, d] and float32[n], so that a row is about its int8 values times its scale."""
    scales = rows.abs().amax(dim=1) / 127
    scales = torch.where(scales > 0, scales, torch.ones_like(scales))
    return (rows / scales[:, None]).round().to(torch.int8), scales
