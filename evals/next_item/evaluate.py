"""Next-item accuracy of a recommender: full catalogue, everyone counted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.rank_metrics import METRICS, MISS, Ranks
from tastemaker.evals.next_item.questions import Question
from tastemaker.evals.runs.progress import progress_bar
from tastemaker.recommenders.data.array_types import Scores
from tastemaker.recommenders.data.query import Query
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.recommenders.training.target_rank import target_rank
from tastemaker.retrieval.errors import TastemakerError
from tastemaker.retrieval.top_k import top_k

BATCH = 128
COVERAGE_K = 10


class Scorer(Protocol):
    """Anything that scores its vocabulary: a recommender, or a wrapper around one."""

    @property
    def name(self) -> str:
        """How the report calls it."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The ids that the scores belong to."""

    def scores(self, query: Query) -> Scores:
        """float32[n_items]."""

    def scores_batch(self, queries: Sequence[Query]) -> Scores:
        """float32[len(queries), n_items]."""


@dataclass(frozen=True)
class NextItemResult:
    """What one system did for n people.

    Attributes:
        system: the recommender's name.
        filtered: int64[n], rank of each target among the items not seen before, in the questions' order.
        unfiltered: int64[n], its rank among all items.
        recommended: bool[n_items], whether the item is among anyone's first ten unseen ones.
        failures: people for whom the system raised an error or does not know the target; their rank is MISS.
        seconds: time spent scoring, of all n together.
        first: everyone's first ten unseen items, as rows of the vocabulary; none after a failure.
    """

    system: str
    filtered: Ranks
    unfiltered: Ranks
    recommended: npt.NDArray[np.bool_]
    failures: int
    seconds: float
    first: tuple[tuple[int, ...], ...] = ()

    @property
    def coverage(self) -> float:
        """Share of the catalogue that is recommended to someone."""
        return float(self.recommended.mean())


def means(ranks: Ranks, ks: Sequence[int] = (10,)) -> dict[str, float]:
    """Means over all people, by names like ``NDCG@10``.

    >>> means(np.array([1, 3]), ks=(3,))
    {'HR@3': 1.0, 'NDCG@3': 0.75, 'MRR@3': 0.6666666666666666}
    """
    return {f"{name}@{k}": float(values(ranks, k).mean()) for name, values in METRICS.items() for k in ks}


def evaluate_next_item(
    recommender: Scorer, asked: Sequence[Question], *, progress: bool = False
) -> NextItemResult:
    """Rank each person's next item in the full catalogue, given what came before it.

    The recommender must have been trained without the targets. With seen items filtered,
    items of the history are left out of the ranking, the target itself excepted.

    Args:
        recommender: any model.
        asked: from :func:`tastemaker.evals.next_item.questions.questions`.
        progress: show a bar.
    """
    ranks = np.full((len(asked), 2), MISS)
    recommended = np.zeros(len(recommender.vocabulary), np.bool_)
    failures, seconds, first = 0, 0.0, list[tuple[int, ...]]()
    with progress_bar(len(asked), f"asking {recommender.name}", "people", show=progress) as bar:
        for start in range(0, len(asked), BATCH):
            part = asked[start : start + BATCH]
            started = time.perf_counter()
            answers = _scores(recommender, [question.query for question in part])
            seconds += time.perf_counter() - started
            for place, (question, scores) in enumerate(zip(part, answers, strict=True), start):
                found = _ranks(recommender.vocabulary, question, scores, recommended)
                failures += found is None
                ranks[place] = found[:2] if found else (MISS, MISS)
                first.append(found.first if found else ())
            bar.advance(len(part))
    return NextItemResult(
        recommender.name, ranks[:, 0], ranks[:, 1], recommended, failures, seconds, tuple(first)
    )


def _scores(recommender: Scorer, queries: list[Query]) -> Sequence[Scores | None]:
    try:
        return list(recommender.scores_batch(queries))
    except TastemakerError:  # one person's failure must not take the others' answers
        return [_scores_of_one(recommender, query) for query in queries]


def _scores_of_one(recommender: Scorer, query: Query) -> Scores | None:
    try:
        return recommender.scores(query)
    except TastemakerError:
        return None


class _Ranks(NamedTuple):
    filtered: int
    unfiltered: int
    first: tuple[int, ...]


def _ranks(
    vocabulary: Vocabulary, question: Question, scores: Scores | None, recommended: npt.NDArray[np.bool_]
) -> _Ranks | None:
    """The target's two ranks, None for a failure; marks the first ten unseen items."""
    if scores is None:
        return None
    seen = vocabulary.known_rows(question.query.history)[0]
    unseen = scores.copy()
    unseen[seen] = -np.inf
    first = top_k(unseen, COVERAGE_K)
    recommended[first] = True
    target = vocabulary.row(question.target)
    if target is None:
        return None
    return _Ranks(target_rank(scores, target, seen), target_rank(scores, target), tuple(first.tolist()))
