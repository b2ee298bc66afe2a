"""What people name lately: mentions that fade with time, their half-life fitted on what was named next.

Counts with exponential forgetting, as in Koren, "Collaborative filtering with temporal dynamics" (KDD 2009), and
Ding and Li, "Time weight collaborative filtering" (CIKM 2005).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tastemaker.recommenders.conversation.co_mention import CoMentions, shares
from tastemaker.recommenders.data.sparse_rows import count_matrix

Column = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Times = npt.NDArray[np.float64]

SHARES_OF_SPAN = (1 / 128, 1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 3, 1 / 2, 1.0)
"""Half-lives that are tried, beside none at all, as shares of the time that the conversations span."""
LATEST = 0.3
"""Share of the conversations, the latest, on which a half-life is judged."""
BLOCKS = 6
"""So many times is learned anew while they are held: between a workspace that learns every night, and one that
learned once and for all."""
JUDGED = 2_000
"""Conversations that it is judged on at most, drawn evenly from these."""
MIXED = 0.3
"""Share of what is named lately beside what is named at all, while a half-life is judged."""


class RecentMentions:
    """Who named what, and when.

    Attributes:
        named: one row a conversation, 1 for each item that it names, float32[n, n_items], sparse.
        times: when each was held, float64[n].
        half_life: after so much time a mention counts half; infinite where forgetting does not help.
    """

    def __init__(self, named: sparse.csr_array, times: Times, half_life: float) -> None:
        self.named, self.times, self.half_life = named, times, half_life
        self._by_item = sparse.csc_array(named)

    @classmethod
    def fit(
        cls, conversations: Sequence[Sequence[int]], times: Sequence[float], n_items: int
    ) -> RecentMentions:
        """Count, and find the half-life under which the latest conversations were foretold best.

        >>> fashion = RecentMentions.fit([[n // 10] for n in range(100)], range(100), n_items=10)
        >>> fashion.half_life < 10
        True
        >>> steady = RecentMentions.fit([[n % 7] for n in range(100)], range(100), n_items=10)
        >>> steady.half_life
        inf

        Args:
            conversations: rows of the items that each names.
            times: when each was held, in any unit.
            n_items: of the catalogue.
        """
        named = count_matrix([sorted(set(rows)) for rows in conversations], n_items)
        held = np.asarray(times, np.float64)
        return cls(named, held, fit_half_life(named, held))

    def weights(self, time: float | None = None) -> Column:
        """What each conversation counts at a time, float32[n]: nothing if it was not over; None means now."""
        latest = self.times.max(initial=0.0) if time is None else time
        age = latest - self.times
        faded = np.exp2(-np.maximum(age, 0) / self.half_life)
        past = np.ones(len(age), np.bool_) if time is None else age > 0
        weights: Column = np.where(past, faded, 0).astype(np.float32)
        return weights

    def counts(self, weights: Column) -> Column:
        """Conversations that name each item, by their weights, float32[n_items]."""
        return np.asarray(weights @ self.named, np.float32)

    def log_probability(self, mentioned: Rows, weights: Column) -> Column:
        """As :meth:`CoMentions.log_probability`, by the conversations' weights, float32[n_items]."""
        beside = self._beside(mentioned, weights)
        return CoMentions(self.counts(weights), beside).log_probability(mentioned)

    def now(self) -> CoMentions:
        """Faded counts as of the latest conversation."""
        weights = self.weights()
        faded = sparse.csr_array(self.named.multiply(weights[:, None]))
        pairs = sparse.csr_array(self.named.T @ faded).astype(np.float32)
        pairs.setdiag(0)
        pairs.eliminate_zeros()
        return CoMentions(self.counts(weights), pairs)

    def _beside(self, mentioned: Rows, weights: Column) -> sparse.csr_array:
        """Of the square matrix of pairs, the rows of the mentioned items, the others empty."""
        n_items = self.named.shape[1]
        rows, items, held = [], [], []
        for row in np.unique(mentioned).tolist():
            own = self._by_item.indices[self._by_item.indptr[row] : self._by_item.indptr[row + 1]]
            own = own[weights[own] > 0]
            counted = np.asarray(weights[own] @ self.named[own], np.float32)
            counted[row] = 0
            found = np.flatnonzero(counted)
            rows.append(np.full(len(found), row))
            items.append(found)
            held.append(counted[found])
        if not rows:
            return sparse.csr_array((n_items, n_items), dtype=np.float32)
        where = np.concatenate(rows), np.concatenate(items)
        return sparse.csr_array((np.concatenate(held), where), shape=(n_items, n_items))


def fit_half_life(named: sparse.csr_array, times: Times) -> float:
    """The longest half-life that foretells the latest conversations, each from those before its block, about best.

    About: within a standard error of the likeliest (the one-standard-error rule of Breiman et al., "Classification and
    Regression Trees", 1984), since little is known of what comes, and much may be forgotten in vain.
    """
    order = np.argsort(times, kind="stable")
    judged = order[int(len(order) * (1 - LATEST)) :]
    span = float(np.ptp(times)) if len(times) else 0.0
    if not span or not len(judged):
        return np.inf
    judged = judged[np.linspace(0, len(judged) - 1, min(JUDGED, len(judged))).astype(int)]
    blocks = np.array_split(judged, min(BLOCKS, len(judged)))
    known = np.concatenate([np.full(len(block), times[block[0]]) for block in blocks])
    tried = [np.inf, *(share * span for share in reversed(SHARES_OF_SPAN))]
    logs = np.stack([_likelihoods(named, times, judged, known, half_life) for half_life in tried])
    missed = logs[logs.mean(axis=1).argmax()] - logs
    error = missed.std(axis=1) / np.sqrt(len(judged))
    return tried[int(np.flatnonzero(missed.mean(axis=1) <= error)[0])]


def _likelihoods(
    named: sparse.csr_array, times: Times, judged: Rows, known: Times, half_life: float
) -> npt.NDArray[np.float64]:
    """Mean log chance of what each judged conversation names, by those held before a time, float64[len(judged)]."""
    faded, whole = RecentMentions(named, times, half_life), RecentMentions(named, times, np.inf)
    logs = np.zeros(len(judged))
    for place, (row, time) in enumerate(zip(judged.tolist(), known.tolist(), strict=True)):
        items = named.indices[named.indptr[row] : named.indptr[row + 1]]
        lately = faded.counts(faded.weights(time))
        total = float(lately.sum())
        chance = shares(whole.counts(whole.weights(time)))[items]
        if total:
            chance = (1 - MIXED) * chance + MIXED * lately[items] / total
        logs[place] = np.log(chance).mean() if len(items) else 0.0
    return logs
