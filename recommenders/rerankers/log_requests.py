"""Requests out of a log: each event as one, with what was known before it and what the base would have offered."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tastemaker.recommenders.data.array_types import Scores
from tastemaker.recommenders.data.context_values import ContextValues
from tastemaker.recommenders.data.list_batches import Requests
from tastemaker.recommenders.data.query import Query
from tastemaker.recommenders.losses.list_loss import TAKEN
from tastemaker.recommenders.recommender import Recommender
from tastemaker.recommenders.rerankers.reranker_config import NUMBERS, RerankerConfig
from tastemaker.recommenders.standardised import standardise
from tastemaker.retrieval.catalog.interactions import Interactions

BATCH = 256
LONG = 5.0
"""The logarithm of a long history's length."""

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


def recent_events(log: Interactions, most: int | None = None, share: float = 0.5) -> npt.NDArray[np.bool_]:
    """The latest events of each person, at most this share and this many: bool[n]."""
    lengths = np.diff(log.offsets)
    taken = (lengths * share).astype(np.int64)
    taken = taken if most is None else np.minimum(taken, most)
    place = np.arange(len(log)) - np.repeat(log.offsets[:-1], lengths)
    recent: npt.NDArray[np.bool_] = place >= np.repeat(lengths - taken, lengths)
    return recent


def before(log: Interactions, kept: npt.NDArray[np.bool_]) -> Interactions:
    """A log of some of its events, bool[n], over the same users."""
    rating = None if log.rating is None else log.rating[kept]
    context = log.context_of(kept)
    return Interactions(
        log.users, log.user[kept], log.item[kept], log.timestamp[kept], rating, context=context
    )


def numbers(scores: Scores, rows: Longs, popularity: Scores, lengths: npt.NDArray[np.int64]) -> Floats:
    """What goes with candidates as numbers: float32[b, c, NUMBERS].

    Args:
        scores: float32[b, n_items], the base's, standardised.
        rows: int64[b, c], the candidates.
        popularity: float32[n_items].
        lengths: int64[b], of the histories.
    """
    known = standardise(np.log1p(popularity)[None])[0]
    found = np.empty((*rows.shape, NUMBERS), np.float32)
    found[..., 0] = np.take_along_axis(scores, rows, axis=1)
    found[..., 1] = known[rows]
    found[..., 2] = (np.log1p(lengths) / LONG)[:, None]
    return found


def candidates(scores: Scores, seen: list[Longs], count: int) -> Longs:
    """Rows of the best unseen items, int64[b, count], the best first; seen ones only where no other is left."""
    unseen = scores.copy()
    for own, rows in zip(unseen, seen, strict=True):
        own[rows] = -np.inf
    best = np.argpartition(-unseen, count - 1, axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(unseen, best, axis=1), axis=1, kind="stable")
    return np.take_along_axis(best, order, axis=1).astype(np.int64)


def single_requests(
    log: Interactions, events: Longs, context: ContextValues, config: RerankerConfig, base: Recommender
) -> Requests:
    """Events as requests with one candidate, the item met: int64[n] places in the log."""
    asked = _requests(log, events, context)
    rows = log.item[events].astype(np.int64)[:, None]
    scores = standardise(base.popularity[None])
    lengths = np.array([len(own) for own in asked.histories])
    found = numbers(np.repeat(scores, len(events), axis=0), rows, base.popularity, lengths)
    labels = _labels(log, events, config, 1)
    return Requests(asked.histories, asked.times, asked.now, asked.context, rows, found, labels)


def list_requests(
    log: Interactions, events: Longs, context: ContextValues, config: RerankerConfig, base: Recommender
) -> Requests:
    """Events as requests with the base's candidates, the item taken first; events that it would miss are left out."""
    asked = _requests(log, events, context)
    count = min(config.candidates, len(base.vocabulary))
    rows = np.empty((len(events), count), np.int64)
    dense = np.empty((len(events), count, NUMBERS), np.float32)
    found = np.zeros(len(events), np.bool_)
    for start in range(0, len(events), BATCH):
        part = slice(start, start + BATCH)
        histories = asked.histories[part]
        queries = [
            Query(
                history=tuple(base.vocabulary.id(row) for row in own),
                timestamps=None if when is None else tuple(when.tolist()),
            )
            for own, when in zip(histories, asked.times[part], strict=True)
        ]
        scores = standardise(base.scores_batch(queries))
        target = log.item[events[part]].astype(np.int64)
        chosen = candidates(scores, histories, count)
        is_target = chosen == target[:, None]
        found[part] = is_target.any(1)
        front = np.argsort(~is_target, axis=1, kind="stable")  # the item taken goes first
        rows[part] = np.take_along_axis(chosen, front, axis=1)
        lengths = np.array([len(own) for own in histories])
        dense[part] = numbers(scores, rows[part], base.popularity, lengths)
    keep = np.flatnonzero(found)
    labels = _labels(log, events, config, count)
    return Requests(
        [asked.histories[place] for place in keep],
        [asked.times[place] for place in keep],
        [asked.now[place] for place in keep],
        asked.context[keep],
        rows[keep],
        dense[keep],
        labels[keep],
    )


def _requests(log: Interactions, events: Longs, context: ContextValues) -> Requests:
    """Histories, times and context of events, without candidates; nothing of the event itself but its moment."""
    first = log.offsets[:-1][log.user[events]]
    histories, times = [], list[npt.NDArray[np.float64] | None]()
    for start, end in zip(first, events, strict=True):
        histories.append(log.item[start:end].astype(np.int64))
        times.append(log.timestamp[start:end])
    now = list[float | None](log.timestamp[events].tolist())
    nothing = np.empty((len(events), 0), np.int64)
    codes = context.of_log(log)[events]
    return Requests(histories, times, now, codes, nothing, np.empty((len(events), 0, NUMBERS), np.float32))


def _labels(log: Interactions, events: Longs, config: RerankerConfig, count: int) -> Floats:
    """float32[n, count, heads]: the first candidate was taken, and liked or not if it has a rating."""
    labels = np.full((len(events), count, len(config.heads)), np.nan, np.float32)
    for place, head in enumerate(config.heads):
        if head == TAKEN:
            labels[..., place] = 0
            labels[:, 0, place] = 1
        elif log.rating is not None:
            rating = log.rating[events]
            labels[:, 0, place] = np.where(np.isnan(rating), np.nan, rating >= config.liked_from)
    return labels
