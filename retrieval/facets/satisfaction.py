"""How well each item answers a condition, in degrees: what a ranker can weigh.

A filter says yes or no; a wish that came from words is better met a little than not at all. A film of 104
minutes is nearly as good as one of 100 for "under 100 minutes", and an item of which nothing is known is
neither good nor bad.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.filters.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Constraint,
    Not,
    Op,
    parts_of,
    values_of,
)
from tastemaker.retrieval.filters.constraints import NEGATIVE, check, mask, span

MAX_KEPT = 512
"""Conditions whose degrees are kept."""
MAX_STEPS = 12
"""An attribute with no more distinct numbers goes by steps, each as far as the next."""
SHARE_OF_SPREAD = 0.125
"""How far off, in parts of the middle four fifths of an attribute's values, makes 1/e."""
ONE_TAG = 0.75
"""Degree of an item with one of several wanted tags; two or more make 1."""
NO_PRIOR = 0.5
"""Degree of an unknown value where no item's value is known."""

Degrees = npt.NDArray[np.float32]


class Satisfaction:
    """Degrees for the items of one catalogue, kept by condition. Safe to share between threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._scales: dict[str, float] = {}
        self._kept: OrderedDict[Condition, Degrees] = OrderedDict()
        self._lock = Lock()

    def of(self, condition: Condition) -> Degrees:
        """How well each item answers a condition, float32[n_items] in [0, 1], read-only.

        Numbers fall off smoothly beyond their limit, missing values get the mean of the known ones;
        "and" multiplies, "or" takes the best, "not" is one less the degree.

        Raises:
            QueryError: the condition makes no sense for the catalogue.
        """
        condition = check(condition, self._catalog.schema)
        with self._lock:
            if condition in self._kept:
                self._kept.move_to_end(condition)
                return self._kept[condition]
        degrees = self._of(condition).astype(np.float32)
        degrees.setflags(write=False)
        with self._lock:
            self._kept[condition] = degrees
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        return degrees

    def _of(self, condition: Condition) -> npt.NDArray[np.float64]:
        if isinstance(condition, Not):
            return 1 - self._of(condition.none_of)
        if isinstance(condition, AllOf):
            product: npt.NDArray[np.float64] = np.prod(
                [self._of(part) for part in parts_of(condition)], axis=0
            )
            return product
        if isinstance(condition, AnyOf):
            best: npt.NDArray[np.float64] = np.max([self._of(part) for part in parts_of(condition)], axis=0)
            return best
        kind = self._catalog.schema[condition.field].kind
        if kind in (Kind.NUMBER, Kind.DATE):
            return self._number(condition, kind)
        if kind is Kind.TEXT:
            return mask(self._catalog, [condition]).astype(np.float64)
        return self._tags(condition)

    def _number(self, constraint: Constraint, kind: Kind) -> npt.NDArray[np.float64]:
        column = self._catalog.numbers(constraint.field)
        spans = [span(value, kind) for value in values_of(constraint)]
        low, high = spans[0][0], spans[-1][1]
        match constraint.op:
            case Op.AT_LEAST | Op.AFTER:
                beyond = low - column
            case Op.AT_MOST | Op.BEFORE:
                beyond = column - high
            case Op.BETWEEN:
                beyond = np.maximum(low - column, column - high)
            case _:
                beyond = np.min([np.maximum(first - column, column - last) for first, last in spans], axis=0)
        degrees = np.exp(-np.maximum(beyond, 0) / self._scale(constraint.field))
        if constraint.op in NEGATIVE:
            degrees = 1 - degrees
        return _with_prior(degrees, ~np.isnan(column))

    def _scale(self, name: str) -> float:
        """How far off makes 1/e: a step where there are few distinct numbers, else a part of the spread."""
        if name not in self._scales:
            column = self._catalog.numbers(name)
            known = np.unique(column[~np.isnan(column)])
            if len(known) < 2:
                scale = 1.0
            elif len(known) <= MAX_STEPS:
                scale = float(np.median(np.diff(known)))
            else:
                low, high = np.quantile(column[~np.isnan(column)], [0.1, 0.9])
                scale = SHARE_OF_SPREAD * float(high - low)
            self._scales[name] = scale or 1.0
        return self._scales[name]

    def _tags(self, constraint: Constraint) -> npt.NDArray[np.float64]:
        postings = self._catalog.postings(constraint.field)
        known = np.zeros(len(self._catalog), dtype=np.bool_)
        for rows in postings.values():
            known[rows] = True
        if constraint.op is Op.CONTAINS:
            return _with_prior(mask(self._catalog, [constraint]).astype(np.float64), known)
        hits = np.zeros(len(self._catalog))
        wanted = {str(value).casefold() for value in values_of(constraint)}
        for value in wanted & postings.keys():
            hits[postings[value]] += 1
        if constraint.op is Op.ALL_OF:
            degrees = hits / len(wanted)
        elif constraint.op in NEGATIVE:
            degrees = (hits == 0).astype(np.float64)
        elif len(wanted) == 1 or self._catalog.schema[constraint.field].kind is Kind.CATEGORY:
            degrees = np.minimum(hits, 1)
        else:
            degrees = np.where(hits >= 2, 1.0, ONE_TAG * hits)
        return _with_prior(degrees, known)


def _with_prior(degrees: npt.NDArray[np.float64], known: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Degrees with the mean of the known ones where a value is missing."""
    prior = float(degrees[known].mean()) if known.any() else NO_PRIOR
    return np.where(known, degrees, prior)
