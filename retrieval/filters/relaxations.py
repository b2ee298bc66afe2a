"""When nothing fits: which single condition, dropped or widened a little, would let how many items through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind, Schema
from tastemaker.retrieval.filters.condition_words import quoted_with_mark
from tastemaker.retrieval.filters.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Constraint,
    Op,
    Scalar,
    describe,
    values_of,
)
from tastemaker.retrieval.filters.constraints import Mask, blocking_masks, check, mask, span

LOWER = frozenset({Op.IS, Op.BETWEEN, Op.AT_LEAST, Op.AFTER})
UPPER = frozenset({Op.IS, Op.BETWEEN, Op.AT_MOST, Op.BEFORE})
SHRINKABLE = frozenset({Op.ALL_OF, Op.NONE_OF})
"""Operators that ask for less with one value fewer."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One change to one condition, all others kept.

    Attributes:
        constraint: the condition that changes; an "or" counts as one.
        relaxed: what takes its place; None where it is dropped.
        freed: how many more items fit then.
    """

    constraint: Condition
    relaxed: Condition | None
    freed: int

    def describe(self, schema: Schema | None = None) -> str:
        """The change and what it frees, in plain English; with a schema, what is inferred is said to be so.

        >>> year = Constraint(field="year", op=Op.AT_LEAST, value=1990)
        >>> Relaxation(year, year.model_copy(update={"value": 1985}), 3).describe()
        'with “year at least 1985” in place of “year at least 1990” there would be 3'
        """
        was = quoted_with_mark(self.constraint, schema)
        if self.relaxed is None:
            return f"without {was} there would be {self.freed:,}"
        return f"with “{describe(self.relaxed)}” in place of {was} there would be {self.freed:,}"


def relaxations(catalog: Catalog, conditions: Sequence[Condition]) -> list[Relaxation]:
    """Every single change that frees something, the one that frees most first, widening before dropping.

    A range is widened to the nearest value that frees an item; "all of" and "none of" lose
    one value. Of several widenings of a condition only the one that frees most is named.

    Raises:
        QueryError: as :func:`tastemaker.retrieval.filters.constraints.check`.
    """
    units = [part for one in conditions for part in (one.all_of if isinstance(one, AllOf) else (one,))]
    units = list(dict.fromkeys(check(unit, catalog.schema) for unit in units))
    found: list[Relaxation] = []
    for unit, rows in zip(units, blocking_masks(catalog, units), strict=True):
        if rows.any():
            found += [*_best_widening(catalog, unit, rows), Relaxation(unit, None, int(rows.sum()))]
    return sorted(found, key=lambda one: -one.freed)


def _best_widening(catalog: Catalog, unit: Condition, rows: Mask) -> list[Relaxation]:
    """The widening of a condition that frees most of ``rows``, which break it alone; none where none does."""
    wider = [
        Relaxation(unit, one, int((mask(catalog, [one]) & rows).sum()))
        for one in _widenings(catalog, unit, rows)
    ]
    freeing = [one for one in wider if one.freed]
    return [max(freeing, key=lambda one: one.freed)] if freeing else []


def _widenings(catalog: Catalog, condition: Condition, rows: Mask) -> Iterator[Condition]:
    if isinstance(condition, AnyOf):
        for place, part in enumerate(condition.any_of):
            for wider in _widenings(catalog, part, rows):
                yield AnyOf(any_of=(*condition.any_of[:place], wider, *condition.any_of[place + 1 :]))
    elif isinstance(condition, Constraint) and condition.op in SHRINKABLE:
        yield from _shrink(condition)
    elif isinstance(condition, Constraint) and condition.op in LOWER | UPPER:
        kind = catalog.schema[condition.field].kind
        if kind in (Kind.NUMBER, Kind.DATE):
            outside = catalog.numbers(condition.field)[rows]
            yield from _stretch(condition, kind, outside[~np.isnan(outside)])


def _shrink(constraint: Constraint) -> Iterator[Constraint]:
    values = values_of(constraint)
    for place in range(len(values) if len(values) > 1 else 0):
        yield constraint.model_copy(update={"value": (*values[:place], *values[place + 1 :])})


def _stretch(constraint: Constraint, kind: Kind, outside: npt.NDArray[np.float64]) -> Iterator[Constraint]:
    """The range stretched down or up to the nearest of some numbers that lie outside it; both when level."""
    first, *_, last = (*values_of(constraint), *values_of(constraint))
    low, high = span(first, kind)[0], span(last, kind)[1]
    below = outside[outside <= high] if constraint.op is Op.AFTER else outside[outside < low]
    above = outside[outside >= low] if constraint.op is Op.BEFORE else outside[outside > high]
    nearest = min((low - below).min(initial=np.inf), (above - high).min(initial=np.inf))
    if constraint.op in LOWER and len(below) and low - below.max() == nearest:
        lower = _in_given_form(first, kind, below.max())
        yield _with_bound(constraint, Op.AT_LEAST, lower, (lower, last))
    if constraint.op in UPPER and len(above) and above.min() - high == nearest:
        upper = _in_given_form(last, kind, above.min())
        yield _with_bound(constraint, Op.AT_MOST, upper, (first, upper))


def _with_bound(constraint: Constraint, op: Op, bound: Scalar, both: tuple[Scalar, Scalar]) -> Constraint:
    two_sided = constraint.op in LOWER & UPPER
    return constraint.model_copy(
        update={"op": Op.BETWEEN, "value": both} if two_sided else {"op": op, "value": bound}
    )


def _in_given_form(value: Scalar, kind: Kind, number: float) -> Scalar:
    """A number of the column in the form of the value that the person gave: number, date or year."""
    if kind is Kind.NUMBER:
        return int(number) if number.is_integer() else float(number)
    day = date.fromordinal(int(number))
    return day if isinstance(value, date) else day.year
