"""Which items people name in one conversation: counts out of logged dialogues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tastemaker.recommenders.data.sparse_rows import count_matrix

Column = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

SMOOTHING = 20.0
"""Conversations' worth of trust in overall popularity, against what was named beside one item."""

UNSEEN = 0.3
"""How often an item that nobody named counts as named."""


class CoMentions:
    """How many conversations name an item, and how many name two.

    Attributes:
        counts: float32[n_items].
        pairs: float32[n_items, n_items], sparse; the diagonal is zero.
    """

    def __init__(self, counts: Column, pairs: sparse.csr_array) -> None:
        self.counts = counts
        self.pairs = pairs

    @classmethod
    def of(cls, conversations: Sequence[Sequence[int]], n_items: int) -> CoMentions:
        """Count; each conversation is the rows of the items that it names, each counted once.

        >>> seen = CoMentions.of([[0, 1], [1, 2, 1]], n_items=4)
        >>> seen.counts, seen.pairs.toarray()[1]
        (array([1., 2., 1., 0.], dtype=float32), array([1., 0., 1., 0.], dtype=float32))
        """
        distinct = [sorted(set(rows)) for rows in conversations]
        named = count_matrix(distinct, n_items)
        pairs = sparse.csr_array(named.T @ named)
        pairs.setdiag(0)
        pairs.eliminate_zeros()
        return cls(np.asarray(named.sum(axis=0), np.float32).ravel(), pairs)

    def mention_counts(self, without: Rows | None = None) -> Column:
        """Conversations that name each item, float32[n_items]; one of them, given by its rows, left out."""
        if without is None:
            return self.counts
        counts = self.counts.copy()
        counts[np.unique(without)] -= 1
        return counts

    def log_probability(self, mentioned: Rows, without: Rows | None = None) -> Column:
        """Logarithm of the chance that an item is named in a conversation with others, float32[n_items].

        The mean over the mentioned items m of (pairs[m, i] + s p[i]) / (3 counts[m] + s), with p the
        smoothed share of i among all mentions and s :data:`SMOOTHING`; p alone where nothing was mentioned.

        Args:
            mentioned: rows of the items named so far.
            without: rows that one conversation names, which is to count as never held.
        """
        counts = self.mention_counts(without)
        logs: Column
        share = shares(counts)
        if not len(mentioned):
            logs = np.log(share).astype(np.float32)
            return logs
        total = np.zeros(len(counts), np.float64)
        for row in mentioned.tolist():
            begin, end = self.pairs.indptr[row], self.pairs.indptr[row + 1]
            beside = np.zeros(len(counts), np.float32)
            beside[self.pairs.indices[begin:end]] = self.pairs.data[begin:end]
            if without is not None and row in without:
                beside[np.setdiff1d(without, [row])] -= 1
            total += (beside + SMOOTHING * share) / (3 * counts[row] + SMOOTHING)
        logs = np.log(total / len(mentioned)).astype(np.float32)
        return logs

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What :meth:`from_arrays` needs."""
        return {
            "counts": self.counts,
            "pair_rows": self.pairs.indptr.astype(np.int64),
            "pair_items": self.pairs.indices.astype(np.int32),
            "pair_counts": self.pairs.data,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> CoMentions:
        """The counts that :meth:`arrays` gave."""
        counts = np.asarray(arrays["counts"], np.float32)
        parts = tuple(arrays[name] for name in ("pair_counts", "pair_items", "pair_rows"))
        return cls(counts, sparse.csr_array(parts, shape=(len(counts), len(counts))))


def shares(counts: Column) -> Column:
    """Of each item among all mentions, smoothed by :data:`UNSEEN`, float32[n_items]."""
    smooth = counts + np.float32(UNSEEN)
    share: Column = smooth / smooth.sum()
    return share
