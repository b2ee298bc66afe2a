"""Questions about many items at once, answered exactly from the catalogue: how many, the newest, the average."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import compress

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import EVERY, Kind
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.filters.constraints import Mask, mask
from tastemaker.retrieval.text.tokens import tokens

ALL = 1_000
"""So many items are asked for where all of some are, in an order."""


class What(StrEnum):
    """What may be asked of the items that meet some conditions."""

    COUNT = "count"
    HIGHEST = "highest"
    LOWEST = "lowest"
    AVERAGE = "average"
    RANGE = "range"
    COMMONEST = "commonest"
    DISTINCT = "distinct"


_NUMERIC = (Kind.NUMBER, Kind.DATE)
_LABELS = (Kind.CATEGORY, Kind.TAGS)
KINDS: Mapping[What, tuple[Kind, ...]] = {
    What.HIGHEST: _NUMERIC,
    What.LOWEST: _NUMERIC,
    What.AVERAGE: (Kind.NUMBER,),
    What.RANGE: _NUMERIC,
    What.COMMONEST: (*_LABELS, *_NUMERIC),
    What.DISTINCT: (*_LABELS, *_NUMERIC),
}
"""The kinds of attribute each question makes sense for; a count needs no attribute."""


class Aggregate(BaseModel):
    """One such question.

    Attributes:
        what: what is asked.
        field: of which attribute; none for a count.
        where: only items that meet all of these are looked at.
        called: only items with all of these words in their titles, in the singular.
        among: only these items are looked at, where some are named: those of the last list.
        k: how many items ("highest", "lowest") or values ("commonest") are wanted; ties with
            the last of them come too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: What
    field: str | None = None
    where: tuple[Condition, ...] = ()
    called: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    k: int = Field(default=1, ge=1)


Number = int | float | date


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to an :class:`Aggregate`.

    Attributes:
        asked: the question.
        matching: how many items meet the conditions.
        ids: the items that the answer rests on: those at the top for "highest" and "lowest" (the
            outermost first), those that hold one of the values for "commonest", else all that
            meet the conditions and have the attribute, in row order.
        value: the count, extreme or average; None where no item has the attribute.
        upper: the upper end of a range, whose lower end is ``value``.
        values: (value, how many items have it) for "commonest", the most frequent first.
    """

    asked: Aggregate
    matching: int
    ids: tuple[str, ...]
    value: Number | None = None
    upper: Number | None = None
    values: tuple[tuple[str, int], ...] = ()


def aggregate(catalog: Catalog, asked: Aggregate) -> Answer:
    """Answer from the catalogue's columns; exact.

    Raises:
        QueryError: the attribute is missing, unknown, or of a kind that has no such answer; or a bad condition.
    """
    rows = mask(catalog, asked.where)
    if asked.called:
        rows &= titles_with(catalog, asked.called)
    if asked.among:
        rows &= np.isin(np.array(catalog.ids), asked.among)
    matching = int(rows.sum())
    if asked.what is What.COUNT:
        return Answer(asked, matching, _ids(catalog, rows), matching)
    field, kind = _field(catalog, asked)
    if kind in _LABELS:
        return _of_labels(catalog, asked, field, rows)
    return _of_numbers(catalog, asked, field, rows)


def titles_with(catalog: Catalog, wanted: Collection[str]) -> Mask:
    """Which items have all of some words, given in the singular, in their titles: bool[n_items]."""
    return np.fromiter((set(wanted) <= set(tokens(item.title)) for item in catalog), dtype=np.bool_)


def _field(catalog: Catalog, asked: Aggregate) -> tuple[str, Kind]:
    allowed = ", ".join(catalog.schema.of_kind(*KINDS[asked.what], provenance=EVERY)) or "none here"
    if asked.field is None:
        raise QueryError(f"{asked.what} of which attribute? allowed: {allowed}")
    kind = catalog.schema[asked.field].kind
    if kind not in KINDS[asked.what]:
        raise QueryError(f"{asked.field!r} is {kind}: it has no {asked.what}; allowed: {allowed}")
    return asked.field, kind


def _of_labels(catalog: Catalog, asked: Aggregate, field: str, rows: Mask) -> Answer:
    postings, matching = catalog.postings(field), int(rows.sum())
    counts = postings.counts(rows)
    if asked.what is What.DISTINCT:
        ids = _ids(catalog, rows & postings.holding(counts > 0, len(catalog)))
        return Answer(asked, matching, ids, int((counts > 0).sum()))
    top = _first(-counts, asked.k)
    top = top[counts[top] > 0]
    chosen = np.zeros(len(counts), dtype=np.bool_)
    chosen[top] = True
    names, spellings = list(postings), catalog.spellings(field)
    values = tuple((spellings[names[number]], int(counts[number])) for number in top)
    return Answer(
        asked, matching, _ids(catalog, rows & postings.holding(chosen, len(catalog))), values=values
    )


def _of_numbers(catalog: Catalog, asked: Aggregate, field: str, rows: Mask) -> Answer:
    column, kind, matching = catalog.numbers(field), catalog.schema[field].kind, int(rows.sum())
    at = np.flatnonzero(rows & ~np.isnan(column))
    found, ids = column[at], tuple(catalog.ids[row] for row in at)
    if not len(found):
        return Answer(asked, matching, (), 0 if asked.what is What.DISTINCT else None)
    match asked.what:
        case What.AVERAGE:
            return Answer(asked, matching, ids, float(found.mean()))
        case What.RANGE:
            return Answer(asked, matching, ids, _as_kind(found.min(), kind), _as_kind(found.max(), kind))
        case What.DISTINCT:
            return Answer(asked, matching, ids, len(np.unique(found)))
        case What.COMMONEST:
            numbers, counts = np.unique(found, return_counts=True)
            top = _first(-counts, asked.k)
            values = tuple((str(_as_kind(numbers[n], kind)), int(counts[n])) for n in top)
            return Answer(asked, matching, _ids(catalog, rows & np.isin(column, numbers[top])), values=values)
    top = _first(found if asked.what is What.LOWEST else -found, asked.k)
    return Answer(asked, matching, tuple(ids[n] for n in top), _as_kind(found[top[0]], kind))


def _first(keys: npt.NDArray[np.float64] | npt.NDArray[np.int64], k: int) -> npt.NDArray[np.intp]:
    """Places of the k smallest keys and of those level with the last of them, by key, then by place."""
    near = np.arange(len(keys))
    if len(keys) > k:
        near = near[keys <= np.partition(keys, k - 1)[k - 1]]
    return near[np.argsort(keys[near], kind="stable")]


def _ids(catalog: Catalog, rows: Mask) -> tuple[str, ...]:
    return tuple(compress(catalog.ids, rows.tolist()))


def _as_kind(number: float, kind: Kind) -> Number:
    if kind is Kind.DATE:
        return date.fromordinal(int(number))
    return int(number) if float(number).is_integer() else float(number)
