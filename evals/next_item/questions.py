"""What a next-item evaluation asks: a history, and the item that really came next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from tastemaker.recommenders.data.hold_out import HeldOut
from tastemaker.recommenders.data.query import Query
from tastemaker.retrieval.catalog.catalog import Catalog

T = TypeVar("T")


@dataclass(frozen=True)
class Question:
    """One person's history up to the moment before ``target``; ``person`` is whose."""

    query: Query
    target: str
    person: str = ""


def questions(held: HeldOut, catalog: Catalog, *, timed: bool = True) -> list[Question]:
    """One question per person who had an item held out, in the order of the log's users.

    Args:
        held: the items that came next, and the log before them.
        catalog: whose rows the log refers to.
        timed: whether the log's timestamps are times; if not, the models get none.
    """
    log, ids = held.rest, catalog.ids
    asked = []
    for user, target, moment in zip(held.user, held.item, held.timestamp, strict=True):
        part = slice(log.offsets[user], log.offsets[user + 1])
        history = tuple(ids[row] for row in log.item[part])
        times = tuple(log.timestamp[part].tolist()) if timed else None
        query = Query(history=history, timestamps=times, now=float(moment) if timed else None)
        asked.append(Question(query, ids[target], log.users[user]))
    return asked


def sample(asked: list[T], limit: int | None, seed: int) -> list[T]:
    """``limit`` of them drawn at random, in their old order; all of them where limit is None.

    >>> sample(list("abcde"), 2, seed=1) == sample(list("abcde"), 2, seed=1)
    True
    """
    if limit is None or limit >= len(asked):
        return asked
    chosen = np.random.default_rng(seed).choice(len(asked), limit, replace=False)
    return [asked[place] for place in np.sort(chosen)]
