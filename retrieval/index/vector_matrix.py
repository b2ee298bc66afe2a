"""The closest rows of a matrix of unit vectors among those that are allowed.

A few allowed rows are gathered and multiplied. For many, an int8 copy is read whole, which is
quicker than gathering, and the best of it are scored again in float32 (measured, see LOG.md).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.filters.constraints import Mask
from tastemaker.retrieval.index.embedder import Vectors
from tastemaker.retrieval.top_k import top_k

if TYPE_CHECKING:
    from tastemaker.retrieval.index.int8_scan import Int8Scan

FEW_ROWS = 2_000
FEW_SHARE = 0.04
"""Gathering takes about as long per row as scanning twenty-five."""

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]


class VectorMatrix:
    """Unit vectors, float32[n, d], writable or mapped copy-on-write; nothing is written to them."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self.vectors = vectors.view()
        self.vectors.setflags(write=False)

    def top(self, vector: Vectors, k: int, keep: Mask) -> tuple[Rows, Scores, Literal["exact", "scan"]]:
        """The k kept rows with the highest cosines, the best first, ties by row, and how they were found.

        Args:
            vector: a unit vector, float32[d].
            k: how many, at least 1; fewer come back where fewer are kept.
            keep: rows that may be returned, bool[n].
        """
        n_kept = int(np.count_nonzero(keep))
        if n_kept <= max(FEW_ROWS, FEW_SHARE * len(keep)):
            return *self.rank(np.flatnonzero(keep), vector, k), "exact"
        import torch

        return *self._scan.top(torch.tensor(vector), k, keep=keep), "scan"

    def rank(self, rows: Rows, vector: Vectors, k: int) -> tuple[Rows, Scores]:
        """The best k of some rows and their cosines, ties by row."""
        rows = np.sort(rows)
        scores = _products(self._vectors[rows], vector)
        best = top_k(scores, k)
        return rows[best], scores[best]

    @cached_property
    def _scan(self) -> Int8Scan:
        import torch

        from tastemaker.retrieval.index.int8_scan import Int8Scan

        return Int8Scan(torch.from_numpy(self._vectors))


def _products(vectors: Vectors, vector: Vectors) -> Scores:
    """Inner products, float32[n]. Never by NumPy's own product, whose threads wait for each other when another
    process is busy; PyTorch, which takes seconds to import, is left alone where a sum over few rows will do."""
    if len(vectors) <= FEW_ROWS:
        sums: Scores = np.einsum("nd,d->n", vectors, vector)
        return sums
    import torch

    products: Scores = (torch.from_numpy(vectors) @ torch.tensor(vector)).numpy()
    return products
