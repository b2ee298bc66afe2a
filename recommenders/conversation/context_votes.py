"""What followed on moments like this one: each logged moment votes for what was named next, the likest the most.

A kernel smoother over logged moments (Nadaraya, 1964; Watson, 1964), as item-kNN is one over items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tastemaker.recommenders.data.sparse_rows import count_matrix

Column = npt.NDArray[np.float32]
Table = npt.NDArray[np.float32]

TEMPERATURE = 0.1
"""Of likeness: a moment that is likelier by as much counts e times as much."""


class Precedents:
    """Logged moments as vectors, and what was named next in each.

    Attributes:
        moments: float32[n, d].
        named: float32[n, n_items], sparse.
        conversations: which conversation each moment is of, int64[n].
    """

    def __init__(
        self, moments: Table, named: sparse.csr_array, conversations: npt.NDArray[np.int64] | None = None
    ) -> None:
        self.moments, self.named = moments, named
        self.conversations = np.arange(len(moments)) if conversations is None else conversations

    @classmethod
    def of(
        cls,
        moments: Table,
        named: Sequence[Sequence[int]],
        n_items: int,
        conversations: npt.NDArray[np.int64] | None = None,
    ) -> Precedents:
        """From the rows of the items that were named next, moment by moment."""
        held = count_matrix(named, n_items)
        return cls(moments.astype(np.float16).astype(np.float32), held, conversations)  # as they are stored

    def votes(self, moment: Column, without: int | None = None) -> Column:
        """Share of the votes that each item gets, float32[n_items]; those of one conversation left out.

        Two logged moments at right angles; this one is like the first, whose vote is for item 2.

        >>> past = Precedents.of(np.eye(2, dtype=np.float32), [[2], [0, 1]], n_items=3)
        >>> past.votes(np.array([1.0, 0.0], np.float32)).round(3).tolist()
        [0.0, 0.0, 1.0]
        >>> past.votes(np.array([1.0, 0.0], np.float32), without=0).tolist()
        [0.5, 0.5, 0.0]
        """
        likeness = self.moments @ moment / TEMPERATURE
        if without is not None:
            likeness = np.where(self.conversations == without, -np.inf, likeness)
        if not np.isfinite(likeness).any():
            return np.zeros(self.named.shape[1], np.float32)
        weights = np.exp(likeness - likeness.max()).astype(np.float32)
        votes = np.asarray(weights @ self.named, np.float32)
        total = votes.sum()
        shares: Column = votes / total if total else votes
        return shares

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What :meth:`from_arrays` needs; the conversations are only for learning."""
        return {
            "moments": self.moments.astype(np.float16),
            "next_moments": self.named.indptr.astype(np.int64),
            "next_items": self.named.indices.astype(np.int32),
            "next_counts": self.named.data,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]], n_items: int) -> Precedents:
        """The moments that :meth:`arrays` gave."""
        moments = np.asarray(arrays["moments"], np.float32)
        parts = tuple(arrays[name] for name in ("next_counts", "next_items", "next_moments"))
        return cls(moments, sparse.csr_array(parts, shape=(len(moments), n_items)))
