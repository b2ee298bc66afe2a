"""Hard conditions on items: what they say, whether they make sense, which items meet them.

Two independent implementations decide who meets a constraint: :func:`mask` works on the
catalogue's columns and is fast, :func:`satisfies` looks at one item and is plain. The
first searches, the second verifies what is shown.

Strings compare without case. A missing value meets only ``is_not`` and ``none_of``.
For tags, ``is`` means "has this tag". A year standing for a date means that whole year.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.schema import MAX_SHOWN, NO, SHOWN_ONLY, YES, Kind, Schema, nearest_of
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Constraint,
    Not,
    Op,
    Scalar,
    describe,
    leaves,
    map_leaves,
    parts_of,
    values_of,
)

__all__ = [
    "ALLOWED",
    "NEGATIVE",
    "SEVERAL",
    "Constraint",
    "Mask",
    "Op",
    "Scalar",
    "blocking",
    "blocking_masks",
    "canonicalise",
    "check",
    "describe",
    "mask",
    "satisfies",
    "span",
    "values_of",
]

Mask = npt.NDArray[np.bool_]
C = TypeVar("C", bound=Condition)


SEVERAL = frozenset({Op.ANY_OF, Op.NONE_OF, Op.ALL_OF})
NEGATIVE = frozenset({Op.IS_NOT, Op.NONE_OF})

_CHOICE = (Op.IS, Op.IS_NOT, Op.ANY_OF, Op.NONE_OF)
_RANGE = (Op.AT_LEAST, Op.AT_MOST, Op.BETWEEN, Op.BEFORE, Op.AFTER)
ALLOWED: Mapping[Kind, tuple[Op, ...]] = {
    Kind.CATEGORY: (*_CHOICE, Op.CONTAINS),
    Kind.TAGS: (*_CHOICE, Op.ALL_OF, Op.CONTAINS),
    Kind.NUMBER: (*_CHOICE, *_RANGE),
    Kind.DATE: (*_CHOICE, *_RANGE),
    Kind.BOOLEAN: (Op.IS, Op.IS_NOT),
    Kind.TEXT: (Op.CONTAINS,),
    Kind.IMAGE: (),
    Kind.LINK: (),
}
"""The operators that make sense for each kind of attribute."""


def check(condition: C, schema: Schema) -> C:
    """The condition with each value in its attribute's own type: numbers, dates or years, text.

    A single value for an operator that takes several becomes a tuple of one, and the
    other way round; ``"1990"`` becomes 1990 for a number.

    Raises:
        QueryError: no such attribute, an operator its kind does not have, or a value of the wrong type.
    """
    return map_leaves(condition, lambda constraint: _check(constraint, schema))


def _check(constraint: Constraint, schema: Schema) -> Constraint:
    kind = schema[constraint.field].kind
    if kind in SHOWN_ONLY:
        raise QueryError(
            f"{constraint.field!r} holds web addresses, which are only shown; {nearest_of('', schema.names())}"
        )
    if constraint.op not in ALLOWED[kind]:
        allowed = ", ".join(ALLOWED[kind])
        raise QueryError(f"{constraint.field!r} is {kind}: no operator {constraint.op!s}; allowed: {allowed}")
    typed = tuple(_convert(value, kind, constraint) for value in values_of(constraint))
    return constraint.model_copy(update={"value": _shape(typed, kind, constraint)})


def turns_down(condition: Condition) -> bool:
    """Whether a condition only says what must not be: a refusal, however it is joined.

    >>> turns_down(Constraint(field="genres", op=Op.IS_NOT, value="Horror"))
    True
    """
    return all(leaf.op in NEGATIVE for leaf in leaves(condition))


def mask(catalog: Catalog, conditions: Sequence[Condition]) -> Mask:
    """Which rows meet every condition: bool[n_items], all true when there is none.

    Raises:
        QueryError: as :func:`check`.
    """
    rows = np.ones(len(catalog), dtype=np.bool_)
    for condition in conditions:
        rows &= _mask_of(catalog, check(condition, catalog.schema))
    return rows


def satisfies(item: Item, condition: Condition) -> bool:
    """Whether one item meets one condition that has been through :func:`check`."""
    if isinstance(condition, AllOf):
        return all(satisfies(item, part) for part in condition.all_of)
    if isinstance(condition, AnyOf):
        return any(satisfies(item, part) for part in condition.any_of)
    if isinstance(condition, Not):
        return not satisfies(item, condition.none_of)
    return _meets(item, condition)


def _meets(item: Item, constraint: Constraint) -> bool:
    value = item.attributes.get(constraint.field)
    if value is None:
        return constraint.op in NEGATIVE
    if isinstance(value, date | int | float):
        return _number_meets(value, constraint)
    have = [tag.casefold() for tag in as_tags(value)]
    wanted = [str(operand).casefold() for operand in values_of(constraint)]
    if constraint.op is Op.CONTAINS:
        return any(wanted[0] in tag for tag in have)
    if constraint.op is Op.ALL_OF:
        return all(operand in have for operand in wanted)
    return any(operand in have for operand in wanted) != (constraint.op in NEGATIVE)


def blocking_masks(catalog: Catalog, conditions: Sequence[Condition]) -> list[Mask]:
    """For each condition the rows that break it alone and meet all others: bool[n_items] each."""
    kept = [mask(catalog, [condition]) for condition in conditions]
    broken = np.zeros(len(catalog), dtype=np.int32)
    for rows in kept:
        broken += ~rows
    return [(broken == 1) & ~rows for rows in kept]


def blocking(catalog: Catalog, conditions: Sequence[C]) -> list[tuple[C, int]]:
    """Which single condition, dropped, frees how many more items; those that free any, the most first."""
    freed = [int(rows.sum()) for rows in blocking_masks(catalog, conditions)]
    pairs = [(condition, n) for condition, n in zip(conditions, freed, strict=True) if n]
    return sorted(pairs, key=lambda pair: -pair[1])


def canonicalise(condition: C, catalog: Catalog) -> C:
    """The checked condition with category and tag values spelled as in the catalogue.

    Raises:
        QueryError: as :func:`check`, or a value no item has (names the nearest).
    """
    return map_leaves(check(condition, catalog.schema), lambda constraint: _canonicalise(constraint, catalog))


def _canonicalise(constraint: Constraint, catalog: Catalog) -> Constraint:
    kind = catalog.schema[constraint.field].kind
    if kind not in (Kind.CATEGORY, Kind.TAGS) or constraint.op is Op.CONTAINS:
        return constraint
    spellings = catalog.spellings(constraint.field)
    values = [_spelling(str(value), spellings, constraint.field) for value in values_of(constraint)]
    return constraint.model_copy(update={"value": tuple(values) if constraint.op in SEVERAL else values[0]})


def span(value: Scalar, kind: Kind) -> tuple[float, float]:
    """Lowest and highest number that a checked value stands for; dates as proleptic ordinals.

    >>> span(7, Kind.NUMBER), span(1995, Kind.DATE), span("2025-06-01", Kind.DATE)
    ((7.0, 7.0), (728294.0, 728658.0), (739403.0, 739403.0))
    """
    if kind is Kind.DATE and isinstance(value, str) and "-" in value:
        value = date.fromisoformat(value)  # as a session that was stored has it
    if isinstance(value, date):
        return float(value.toordinal()), float(value.toordinal())
    if kind is Kind.DATE:
        return float(date(int(value), 1, 1).toordinal()), float(date(int(value), 12, 31).toordinal())
    return float(value), float(value)


def _convert(value: Scalar, kind: Kind, constraint: Constraint) -> Scalar:
    try:
        if kind is Kind.NUMBER:
            return _number(value)
        if kind is Kind.DATE:
            return _day_or_year(value)
        if kind is Kind.BOOLEAN:
            return _yes_or_no(value)
    except (ValueError, OverflowError):
        raise QueryError(
            f"{constraint.field!r} {constraint.op} {_short(value)}: write {_WRITE[kind]}"
        ) from None
    text = str(value).strip()
    if not text:
        raise QueryError(
            f"{constraint.field!r} {constraint.op}: the value is empty; write a word to compare with"
        )
    return text


_WRITE: Mapping[Kind, str] = {
    Kind.NUMBER: "a number",
    Kind.DATE: "a date as YYYY-MM-DD or a year",
    Kind.BOOLEAN: "yes or no",
}


def _yes_or_no(value: Scalar) -> str:
    text = str(value).strip().casefold()
    if text in (YES, "true"):
        return YES
    if text in (NO, "false"):
        return NO
    raise ValueError("neither yes nor no")


def _number(value: Scalar) -> int | float:
    if isinstance(value, date):
        raise ValueError("a date is no number")  # noqa: TRY004 (caught by _typed with the others)
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return int(number) if number.is_integer() else number


def _day_or_year(value: Scalar) -> date | int:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if isinstance(value, str) and not value.strip().isdigit():
        return date.fromisoformat(value.strip())
    year = _number(value)
    if not isinstance(year, int):
        raise ValueError("a year is whole")  # noqa: TRY004
    return date(year, 1, 1).year


def _shape(values: tuple[Scalar, ...], kind: Kind, constraint: Constraint) -> Scalar | tuple[Scalar, ...]:
    name, op = repr(constraint.field), constraint.op
    if op is Op.BETWEEN:
        if len(values) != 2 or span(values[0], kind)[0] > span(values[1], kind)[1]:
            said = ", ".join(map(_short, values[:3]))
            raise QueryError(f"{name} between {said}: write [lo, hi] with lo at most hi")
        return values
    if op in SEVERAL:
        if not values:
            raise QueryError(f"{name} {op}: the list is empty; name at least one value")
        return values
    if len(values) != 1:
        hint = "; use any_of or none_of" if op in (Op.IS, Op.IS_NOT) else ""
        raise QueryError(f"{name} {op} takes one value, not {len(values)}{hint}")
    return values[0]


def _spelling(value: str, spellings: Mapping[str, str], field: str) -> str:
    try:
        return spellings[value.casefold()]
    except KeyError:
        raise QueryError(
            f"no item has {field} {_short(value)}; {nearest_of(value, list(spellings.values()))}"
        ) from None


def _short(value: Scalar) -> str:
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."


def _number_meets(value: float | date, constraint: Constraint) -> bool:
    kind = Kind.DATE if isinstance(value, date) else Kind.NUMBER
    at = span(value, kind)[0]
    spans = [span(operand, kind) for operand in values_of(constraint)]
    low, high = spans[0][0], spans[-1][1]
    match constraint.op:
        case Op.AT_LEAST:
            return at >= low
        case Op.AT_MOST:
            return at <= high
        case Op.BETWEEN:
            return low <= at <= high
        case Op.BEFORE:
            return at < low
        case Op.AFTER:
            return at > high
    return any(first <= at <= last for first, last in spans) != (constraint.op in NEGATIVE)


def _mask_of(catalog: Catalog, condition: Condition) -> Mask:
    if isinstance(condition, Constraint):
        return _leaf_mask(catalog, condition)
    if isinstance(condition, Not):
        return ~_mask_of(catalog, condition.none_of)
    join = np.logical_and if isinstance(condition, AllOf) else np.logical_or
    rows = _mask_of(catalog, parts_of(condition)[0])
    for part in parts_of(condition)[1:]:
        join(rows, _mask_of(catalog, part), out=rows)
    return rows


def _leaf_mask(catalog: Catalog, constraint: Constraint) -> Mask:
    kind = catalog.schema[constraint.field].kind
    if kind in (Kind.NUMBER, Kind.DATE):
        rows = _number_mask(catalog.numbers(constraint.field), constraint, kind)
    elif kind is Kind.TEXT:
        rows = catalog.text_contains(constraint.field, str(constraint.value))
    else:
        rows = _tag_mask(catalog, constraint)
    return ~rows if constraint.op in NEGATIVE else rows


def _number_mask(column: npt.NDArray[np.float64], constraint: Constraint, kind: Kind) -> Mask:
    """Rows that meet the positive form of the operator; NaN meets none."""
    spans = [span(operand, kind) for operand in values_of(constraint)]
    (low, _), (_, high) = spans[0], spans[-1]
    match constraint.op:
        case Op.AT_LEAST:
            return np.greater_equal(column, low)
        case Op.AT_MOST:
            return np.less_equal(column, high)
        case Op.BETWEEN:
            return np.greater_equal(column, low) & np.less_equal(column, high)
        case Op.BEFORE:
            return np.less(column, low)
        case Op.AFTER:
            return np.greater(column, high)
    rows = np.zeros(len(column), dtype=np.bool_)
    for first, last in spans:
        rows |= np.greater_equal(column, first) & np.less_equal(column, last)
    return rows


def _tag_mask(catalog: Catalog, constraint: Constraint) -> Mask:
    """Rows that meet the positive form of the operator."""
    postings = catalog.postings(constraint.field)
    wanted = {str(value).casefold() for value in values_of(constraint)}
    if constraint.op is Op.CONTAINS:
        return postings.holding(postings.containing(*wanted), len(catalog))
    counts = np.zeros(len(catalog), dtype=np.int32)
    for value in wanted:
        if value in postings:
            counts[postings[value]] += 1
    return counts >= (len(wanted) if constraint.op is Op.ALL_OF else 1)
