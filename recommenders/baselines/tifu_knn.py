"""TIFU-kNN: what a person takes how often, the later sessions counting more, and what people alike take.

Hu et al., "Modeling Personalized Item Frequency Information for Next-basket Recommendation" (SIGIR 2020). A
person's sessions are cut into groups of equal size; weights decay within a group and from group to group.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field
from scipy import sparse
from tqdm import tqdm

from tastemaker.recommenders.baselines.closed_form import ClosedForm, ClosedFormConfig
from tastemaker.recommenders.data.array_types import Arrays, Scores
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.data.sessions import SessionHistory
from tastemaker.recommenders.data.sparse_rows import pack, unpack
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.retrieval.catalog.interactions import Interactions

TIE = 1e-6
"""Weight of popularity, which orders what nothing else does."""


class TIFUKNNConfig(ClosedFormConfig):
    """Settings; the defaults are the paper's for Ta-Feng.

    Attributes:
        gap: a pause of more than so many seconds ends a session.
        group: sessions of a group.
        within: weight of a session beside the next one of its group.
        between: weight of a group beside the next one.
        neighbours: people alike.
        own: share of the person's own habits beside those of the neighbours; 1: personal frequency alone.
    """

    gap: float = Field(default=1200.0, gt=0)
    group: int = Field(default=7, ge=1)
    within: float = Field(default=0.9, gt=0, le=1)
    between: float = Field(default=0.7, gt=0, le=1)
    neighbours: int = Field(default=300, ge=1)
    own: float = Field(default=0.7, ge=0, le=1)


class TIFUKNN(ClosedForm):
    """Own habits and those of people alike, by decayed frequency: for what is bought or heard again."""

    name: ClassVar[str] = "tifu-knn"
    config_class: ClassVar[type[ClosedFormConfig]] = TIFUKNNConfig

    def __init__(
        self, vocabulary: Vocabulary, popularity: Scores, arrays: Arrays, settings: TIFUKNNConfig
    ) -> None:
        super().__init__(vocabulary, popularity, arrays, settings)
        self._people = unpack("people", arrays, len(vocabulary), square=False)  # [users, n_items]
        self._takers = self._people.T.tocsr()  # [n_items, users]
        self._lengths = np.asarray(self._people.multiply(self._people).sum(axis=1)).ravel()  # squared
        self._tie = TIE * popularity / max(1.0, float(popularity.max(initial=0)))

    @classmethod
    def learn(cls, settings: TIFUKNNConfig, log: Interactions, n_items: int, progress: bool) -> Arrays:
        """Everyone's decayed frequencies."""
        people = tqdm(range(len(log.users)), disable=not progress, desc=cls.name, unit="person")
        rows = [slice(log.offsets[user], log.offsets[user + 1]) for user in people]
        histories = [
            SessionHistory.of(log.item[own].astype(np.int64), log.timestamp[own], settings.gap)
            for own in rows
        ]
        return pack("people", _stack([frequencies(own, settings) for own in histories], n_items))

    def score_resolved_queries(self, resolved_queries: Sequence[ResolvedQuery]) -> Scores:
        """float32[len(readings), n_items]."""
        asked = _stack([self._habits(resolved) for resolved in resolved_queries], len(self.vocabulary))
        alike = (asked @ self._takers).toarray()  # [b, users]
        nearest = self._lengths - 2 * alike  # squared distance, but for the person's own length
        count = min(self.settings.neighbours, len(self._lengths))
        chosen = np.argpartition(nearest, count - 1, axis=1)[:, :count]
        places = (np.repeat(np.arange(len(chosen)), count), chosen.ravel())
        weights = np.full(chosen.size, (1 - self.settings.own) / count, np.float32)
        mean = sparse.coo_array((weights, places), shape=alike.shape).tocsr() @ self._people
        scores: Scores = (asked * np.float32(self.settings.own) + mean).toarray().astype(np.float32)
        return scores + self._tie

    def _habits(self, resolved: ResolvedQuery) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        history = SessionHistory.of(resolved.rows, resolved.timestamps, self.settings.gap)
        return frequencies(history, self.settings)


def frequencies(
    history: SessionHistory, settings: TIFUKNNConfig
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Items of a history, int64[k], and how often each was in a session, decayed, float32[k]."""
    pairs = np.unique(np.stack([history.rows, history.number]), axis=1)
    age = history.count - 1 - np.arange(history.count)  # sessions are grouped from the latest back
    group, place = age // settings.group, age % settings.group
    groups = group.max(initial=0) + 1
    size = np.bincount(group, minlength=groups)[group]  # the oldest group may be smaller
    weight = settings.between**group / groups * settings.within**place / size
    rows, at = np.unique(pairs[0], return_inverse=True)
    return rows, np.bincount(at, weight[pairs[1]], len(rows)).astype(np.float32)


def _stack(
    parts: Sequence[tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]], n_items: int
) -> sparse.csr_array:
    ends = np.concatenate([[0], np.cumsum([len(rows) for rows, _ in parts])])
    columns = np.concatenate([np.empty(0, np.int64), *(rows for rows, _ in parts)])
    values = np.concatenate([np.empty(0, np.float32), *(own for _, own in parts)])
    return sparse.csr_array((values, columns, ends), shape=(len(parts), n_items))
