"""How well each item answers a condition, in degrees: what a ranker can weigh.

A filter says yes or no; a wish that came from words is better met a little than not at all. A film of 104
minutes is nearly as good as one of 100 for "under 100 minutes", and an item of which nothing is known is
neither good nor bad.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from threading import Lock

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.facets.doubts import Doubts
from tastemaker.retrieval.facets.likely_values import LikelyValues
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

DEPTH = 0.3
"""What lies at the very edge of a limit is taken off."""
LIKELY = 0.7
"""What the likely degree counts beside an item's own where it tells all; it counts less by the square root of its
correlation with the own ones. With both, the ideal form of the development requests has precision@5 of .630, without
.611; requests as typed .527 and .523 (`tastemaker eval requests --systems agent,ideal`)."""

DOUBTFUL = 0.5
"""Degree of an item without what is turned down, where its other values speak for it: a film for ages 16 and up of
which no swearing is noted."""

Degrees = npt.NDArray[np.float32]


class Satisfaction:
    """Degrees for the items of one catalogue, kept by condition. Safe to share between threads."""

    def __init__(
        self, catalog: Catalog, likely: LikelyValues | None = None, doubts: Doubts | None = None
    ) -> None:
        self._catalog, self._likely, self._doubts = catalog, likely, doubts
        self._scales: dict[str, float] = {}
        self._kept: OrderedDict[Condition, Degrees] = OrderedDict()
        self._lock = Lock()

    def warm_up(self) -> None:
        """Do now what the first conditions would otherwise wait for."""
        if self._likely:
            self._likely.warm_up()

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

    def _of(self, condition: Condition, *, graded: bool = True) -> npt.NDArray[np.float64]:
        """``graded``: whether what lies deep within a limit is better; of what is unwanted all is unwanted."""
        if isinstance(condition, Not):
            return 1 - self._of(condition.none_of, graded=False)
        if isinstance(condition, AllOf):
            product: npt.NDArray[np.float64] = np.prod(
                [self._of(part, graded=graded) for part in parts_of(condition)], axis=0
            )
            return product
        if isinstance(condition, AnyOf):
            best: npt.NDArray[np.float64] = np.max(
                [self._of(part, graded=graded) for part in parts_of(condition)], axis=0
            )
            return best
        kind = self._catalog.schema[condition.field].kind
        if kind is Kind.TEXT:
            return mask(self._catalog, [condition]).astype(np.float64)
        if kind not in (Kind.NUMBER, Kind.DATE):
            return self._completed(condition.field, self._tags(condition))
        own = self._number(condition, kind)
        if graded and self._catalog.schema[condition.field].levels:
            own = own * self._depth(condition)
        return self._completed(condition.field, own)

    def _depth(self, constraint: Constraint) -> npt.NDArray[np.float64]:
        """How far within a limit the level of each item lies, float64[n_items] from 1 less :data:`DEPTH` to 1.

        Who asks for a sad film is better served by one whose very point it is than by one that is just sad enough.
        """
        levels, limit = (
            self._catalog.numbers(constraint.field),
            span(values_of(constraint)[0], Kind.NUMBER)[0],
        )
        match constraint.op:
            case Op.AT_LEAST:
                within = levels - limit
            case Op.AT_MOST:
                within = limit - levels
            case _:
                return np.ones(len(levels))
        deepest = max(float(np.nanmax(within, initial=0)), 1.0)
        share = np.clip(np.nan_to_num(within, nan=deepest), 0, None) / deepest
        return 1 - DEPTH * (1 - share)

    def _completed(self, field: str, own: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Degrees with what other things known of the items say of them, as far as that tells."""
        likely = self._likely.of(field, own) if self._likely else None
        if likely is None or not own.std() or not likely.std():
            return own
        told = max(float(np.corrcoef(own, likely)[0, 1]), 0.0)
        share = LIKELY * math.sqrt(told)
        return (1 - share) * own + share * likely

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
            if self._doubts:  # that none is noted is no proof
                degrees[self._doubts.find_doubtful(constraint, self._catalog)] *= DOUBTFUL
        elif len(wanted) == 1 or self._catalog.schema[constraint.field].kind is Kind.CATEGORY:
            degrees = np.minimum(hits, 1)
        else:
            degrees = np.where(hits >= 2, 1.0, ONE_TAG * hits)
        return _with_prior(degrees, known)


def _with_prior(degrees: npt.NDArray[np.float64], known: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Degrees with the mean of the known ones where a value is missing."""
    prior = float(degrees[known].mean()) if known.any() else NO_PRIOR
    return np.where(known, degrees, prior)
