"""ACT-R activation: what memory theory expects to come to mind next; counting only, no training.

Anderson and others' declarative memory as in Reiter-Haas and others, "Predicting Music
Relistening Behavior Using the ACT-R Framework" (RecSys 2021), and Tran and others' PISA
(RecSys 2024). An item in the history has the base level ln(sum over its uses of age^-d); from
the history, activation spreads to items that were taken soon before or after in the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field
from scipy import sparse
from tqdm import tqdm

from tastemaker.recommenders.baselines.closed_form import ClosedForm, ClosedFormConfig
from tastemaker.recommenders.data.array_types import Arrays, Scores
from tastemaker.recommenders.data.history_matrix import weighted_rows
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.data.sparse_rows import pack, rows_to_one, strongest, unpack
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.retrieval.catalog.interactions import Interactions

PAIRS_AT_ONCE = 50_000_000
"""How many associations are counted in memory at a time, at some ten bytes each."""


class ActivationConfig(ClosedFormConfig):
    """Activation's settings; the defaults were chosen on MovieLens-100K's validation items.

    Attributes:
        decay: d, how fast a use is forgotten; 0.5 is usual in ACT-R.
        window: items within so many steps of each other in a history are associated.
        backward: how much an association counts from the later item to the earlier one.
        discount: 0 spreads to an item as often as it follows, 1 divides by how popular it is.
        neighbours: how many associations are kept per item.
    """

    decay: float = Field(default=0.5, gt=0)
    window: int = Field(default=20, ge=1)
    backward: float = Field(default=1.0, ge=0, le=1)
    discount: float = Field(default=0.5, ge=0, le=1)
    neighbours: int = Field(default=200, ge=1)


class Activation(ClosedForm):
    """Repeat what is active in memory, or explore what it is associated with.

    Scores are probabilities: r * repeat + (1 - r) * explore, with r the share of
    interactions in the log that repeat an item of the same person.
    """

    name: ClassVar[str] = "activation"
    config_class: ClassVar[type[ClosedFormConfig]] = ActivationConfig

    def __init__(
        self, vocabulary: Vocabulary, popularity: Scores, arrays: Arrays, settings: ActivationConfig
    ) -> None:
        super().__init__(vocabulary, popularity, arrays, settings)
        self._spread = unpack("spread", arrays, len(vocabulary))  # [from, to], rows sum to 1
        self._repeats = np.float32(arrays["repeats"][0])

    @classmethod
    def learn(cls, settings: ActivationConfig, log: Interactions, n_items: int, progress: bool) -> Arrays:
        """Count which items are taken near each other, and how often one is repeated."""
        popularity = np.maximum(log.counts(n_items), 1).astype(np.float32)
        n_blocks = 1 + 2 * settings.window * len(log) // PAIRS_AT_ONCE
        edges = np.linspace(0, n_items, n_blocks + 1).astype(np.int64)
        kept = []
        for start, end in pairwise(tqdm(edges, disable=not progress, desc=cls.name, unit="block")):
            near = _near(log, n_items, range(start, end), settings)
            near.data *= popularity[near.indices] ** np.float32(-settings.discount)
            kept.append(strongest(near, settings.neighbours))
        spread = rows_to_one(sparse.vstack(kept, format="csr"))
        return {**pack("spread", spread), "repeats": np.array([_repeat_share(log, n_items)], np.float32)}

    def score_resolved_queries(self, resolved_queries: Sequence[ResolvedQuery]) -> Scores:
        """float32[len(readings), n_items], rows sum to 1 at most."""
        attention = [self._attention(resolved) for resolved in resolved_queries]
        rows = [resolved.rows for resolved in resolved_queries]
        repeat = weighted_rows(rows, attention, len(self.vocabulary))
        scores: Scores = (repeat @ self._spread).toarray() * (1 - self._repeats)
        scores += repeat.toarray() * self._repeats
        return scores

    def _attention(self, resolved: ResolvedQuery) -> npt.NDArray[np.float32]:
        """float32[length]: each use's share of all activation; exp(base level) sums over an item's uses."""
        forgotten = ages(resolved) ** -self.settings.decay
        shares: npt.NDArray[np.float32] = (forgotten / forgotten.sum()).astype(np.float32)
        return shares


def ages(resolved: ResolvedQuery) -> npt.NDArray[np.float64]:
    """How long ago each history item was used, at least 1: in seconds, or in steps where times are unknown.

    The request comes at ``now``, or one step after the last use.
    """
    times = resolved.timestamps
    if times is None:
        return np.arange(len(resolved.rows), 0, -1, dtype=np.float64)
    now = times[-1] if resolved.query.now is None else resolved.query.now
    return np.maximum(now - times, 0.0) + 1.0


def _near(log: Interactions, n_items: int, block: range, settings: ActivationConfig) -> sparse.csr_array:
    """float32[len(block), n_items]: how often an item is taken soon after, or before, one of the block."""
    total = sparse.csr_array((len(block), n_items), dtype=np.float32)
    for lag in range(1, settings.window + 1):
        same = (log.user[lag:] == log.user[:-lag]) & (log.item[lag:] != log.item[:-lag])
        earlier, later = log.item[:-lag][same], log.item[lag:][same]
        for source, target, weight in ((earlier, later, 1.0), (later, earlier, settings.backward)):
            inside = (source >= block.start) & (source < block.stop)
            weights = np.full(np.count_nonzero(inside), weight, np.float32)
            places = (source[inside] - block.start, target[inside])
            total = total + sparse.coo_array((weights, places), shape=total.shape).tocsr()
    total.eliminate_zeros()
    return total


def _repeat_share(log: Interactions, n_items: int) -> float:
    distinct = len(np.unique(log.user.astype(np.int64) * n_items + log.item))
    later = len(log) - len(np.unique(log.user))
    return (len(log) - distinct) / later if later else 0.0
