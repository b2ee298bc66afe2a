"""Next-item accuracy of a recommender: full catalogue, everyone counted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tastemaker.evals.intervals import Interval, bootstrap
from tastemaker.evals.metrics import METRICS, MISS, Ranks
from tastemaker.evals.split import leave_one_out
from tastemaker.recommenders.hold_out import HeldOut
from tastemaker.recommenders.query import Query
from tastemaker.recommenders.recommender import Recommender, Scores
from tastemaker.recommenders.target_rank import target_rank
from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.errors import ConfigError, TastemakerError
from tastemaker.retrieval.interactions import Interactions

BATCH = 128


@dataclass(frozen=True)
class NextItemResult:
    """What one system did for n people.

    Attributes:
        system: the recommender's name.
        filter_seen: whether items of the history were left out of the ranking.
        ks: cut-offs.
        ranks: int64[n], rank of each person's target, in the order of the log's users.
        failures: people for whom the system raised an error or does not know the target; their rank is MISS.
        seconds: time spent scoring, of all n together.
    """

    system: str
    filter_seen: bool
    ks: tuple[int, ...]
    ranks: Ranks
    failures: int
    seconds: float

    def values(self, metric: str, k: int) -> npt.NDArray[np.float64]:
        """Per person, float64[n], for paired differences; ``metric`` is HR, NDCG or MRR."""
        return METRICS[metric](self.ranks, k)

    @property
    def metrics(self) -> dict[str, float]:
        """Means over all n, by names like ``NDCG@10``."""
        return {f"{name}@{k}": float(self.values(name, k).mean()) for name in METRICS for k in self.ks}

    def interval(self, metric: str, k: int) -> Interval:
        """Mean with its 95 % bootstrap interval."""
        return bootstrap(self.values(metric, k))


class _Person(NamedTuple):
    query: Query
    target: str
    seen: tuple[str, ...]


def evaluate_next_item(
    recommender: Recommender,
    interactions: Interactions,
    catalog: Catalog,
    ks: Sequence[int] = (1, 5, 10, 20, 50),
    filter_seen: bool = True,
) -> NextItemResult:
    """Ask for each person's last item, given all before it, and rank it in the full catalogue.

    The recommender must have been trained without these last items: on
    ``leave_one_out(interactions).development``.

    Args:
        recommender: any model.
        interactions: the whole log.
        catalog: whose rows the log refers to.
        ks: cut-offs of the metrics.
        filter_seen: leave items of the history out of the ranking, the target excepted.

    Raises:
        ConfigError: a cut-off below 1.
        DataError: nobody has three interactions.
    """
    if not ks or min(ks) < 1:
        raise ConfigError(f"ks must be whole numbers of at least 1, got {tuple(ks)}")
    people = _people(leave_one_out(interactions).test, catalog)
    started = time.perf_counter()
    ranks = np.full(len(people), MISS)
    failures = 0
    for start in range(0, len(people), BATCH):
        part = people[start : start + BATCH]
        for place, scores in enumerate(_scores(recommender, [person.query for person in part])):
            rank = None if scores is None else _rank(recommender, part[place], scores, filter_seen)
            failures += rank is None
            ranks[start + place] = MISS if rank is None else rank
    seconds = time.perf_counter() - started
    return NextItemResult(recommender.name, filter_seen, tuple(ks), ranks, failures, seconds)


def _people(test: HeldOut, catalog: Catalog) -> list[_Person]:
    log, ids = test.rest, catalog.ids
    people = []
    for user, target, now in zip(test.user, test.item, test.timestamp, strict=True):
        part = slice(log.offsets[user], log.offsets[user + 1])
        history = tuple(ids[row] for row in log.item[part])
        query = Query(history=history, timestamps=tuple(log.timestamp[part].tolist()), now=float(now))
        people.append(_Person(query, ids[target], history))
    return people


def _scores(recommender: Recommender, queries: list[Query]) -> Sequence[Scores | None]:
    try:
        return list(recommender.scores_batch(queries))
    except TastemakerError:  # one person's failure must not take the others' answers
        return [_scores_of_one(recommender, query) for query in queries]


def _scores_of_one(recommender: Recommender, query: Query) -> Scores | None:
    try:
        return recommender.scores(query)
    except TastemakerError:
        return None


def _rank(recommender: Recommender, person: _Person, scores: Scores, filter_seen: bool) -> int | None:
    target = recommender.vocabulary.row(person.target)
    if target is None:
        return None
    seen = recommender.vocabulary.known_rows(person.seen)[0] if filter_seen else None
    return target_rank(scores, target, seen)
