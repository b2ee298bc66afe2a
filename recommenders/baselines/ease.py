"""EASE: a linear autoencoder between items, solved in closed form.

Steck, "Embarrassingly Shallow Autoencoders for Sparse Data" (WWW 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field
from scipy.linalg import lapack

from tastemaker.recommenders.baselines.closed_form import ClosedForm, ClosedFormConfig
from tastemaker.recommenders.data.array_types import Arrays, Scores
from tastemaker.recommenders.data.history_matrix import history_matrix
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.data.sparse_rows import user_item_matrix
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import DataError, WorkspaceError

MAX_ITEMS = 20_000
"""The matrix is n by n: 1.6 GB in float32 at this size, and some 7 GB while it is solved in float64."""


class EASEConfig(ClosedFormConfig):
    """EASE's settings; the defaults were chosen on MovieLens-100K's validation items.

    Attributes:
        regularisation: lambda, added to the diagonal of the item-item counts.
        half_life: so many items back in the history an item counts half; None: all count the same,
            which is the paper's EASE.
    """

    regularisation: float = Field(default=500.0, gt=0)
    half_life: float | None = Field(default=7.0, gt=0)


class EASE(ClosedForm):
    """Item-item regression weights without a diagonal, dense."""

    name: ClassVar[str] = "ease"
    config_class: ClassVar[type[ClosedFormConfig]] = EASEConfig

    def __init__(
        self, vocabulary: Vocabulary, popularity: Scores, arrays: Arrays, settings: EASEConfig
    ) -> None:
        super().__init__(vocabulary, popularity, arrays, settings)
        # float32[n_items, n_items], from history item to scored item
        self._weights = np.ascontiguousarray(arrays["weights"])
        if self._weights.shape != (len(vocabulary),) * 2:
            raise WorkspaceError(f"ease has weights of shape {self._weights.shape}; train it again")

    @classmethod
    def learn(cls, settings: EASEConfig, log: Interactions, n_items: int, progress: bool) -> Arrays:  # noqa: ARG003
        """B = I - P / diag(P) with P = (X'X + lambda I)^-1.

        Raises:
            DataError: more than 20,000 items.
        """
        if n_items > MAX_ITEMS:
            raise DataError(
                f"ease solves a dense matrix of all pairs of items and takes at most {MAX_ITEMS:,} items, "
                f"this catalogue has {n_items:,}; use item-knn (sparse) or sasrec instead"
            )
        taken = user_item_matrix(log, n_items)
        gram = (taken.T @ taken).toarray().astype(np.float64)
        gram[np.diag_indices(n_items)] += settings.regularisation
        inverse = _inverse(gram)
        inverse /= -np.diag(inverse).copy()
        inverse[np.diag_indices(n_items)] = 0
        return {"weights": np.ascontiguousarray(inverse, np.float32)}

    def score_resolved_queries(self, resolved_queries: Sequence[ResolvedQuery]) -> Scores:
        """float32[len(readings), n_items]: histories times the weights."""
        histories = history_matrix(resolved_queries, len(self.vocabulary), self.settings.half_life)
        scores: Scores = histories @ self._weights
        return scores


def _inverse(matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Of a symmetric positive definite matrix, which is overwritten; half the work of a general inverse.

    Raises:
        DataError: the matrix is not positive definite to the machine's precision.
    """
    factor, failed = lapack.dpotrf(matrix.T, lower=True, overwrite_a=True)
    inverse, failed_too = (factor, failed) if failed else lapack.dpotri(factor, lower=True, overwrite_c=True)
    if failed or failed_too:
        raise DataError("ease can't be solved on this log; give it a larger regularisation")
    lower: npt.NDArray[np.float64] = np.tril(inverse)
    lower += np.tril(lower, -1).T
    return lower
