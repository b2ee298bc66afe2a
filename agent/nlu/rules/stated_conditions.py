"""All that a message states of numbers, dates and yes-or-no columns, each with the words that state it.

One reader for every catalogue: calendar dates and yes-or-no words first, then amounts, then plain years and decades
in what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.conditions import Condition, Constraint
from tastemaker.retrieval.quantities.dates import DateReader
from tastemaker.retrieval.quantities.flags import FlagReader
from tastemaker.retrieval.quantities.reader import QuantityReader, Reading
from tastemaker.retrieval.quantities.vague import VagueReader


@dataclass(frozen=True)
class ConditionReaders:
    """The readers of one catalogue."""

    dates: DateReader
    flags: FlagReader
    amounts: QuantityReader
    vague: VagueReader


@lru_cache(maxsize=16)
def readers_of(catalog: Catalog) -> ConditionReaders:
    """The readers of a catalogue, made once."""
    amounts = QuantityReader(catalog)
    return ConditionReaders(
        DateReader(catalog), FlagReader(catalog), amounts, VagueReader(catalog, amounts.columns.all)
    )


def read_stated(text: str, catalog: Catalog, today: date) -> list[Reading]:
    """What a text states of dates, yes-or-no columns and amounts, from left to right, plain years aside."""
    readers = readers_of(catalog)
    found = readers.dates.read(text, today)
    for readings in (
        readers.flags.read(text),
        readers.amounts.read(text, _places(found)),
        readers.vague.read(text),
    ):
        found += [one for one in readings if not any(_overlap(one, other) for other in found)]
    return sorted(found, key=lambda one: one.start)


def constraints_of(readings: Sequence[Reading]) -> list[tuple[Constraint, int, int]]:
    """The conditions on single columns among readings, with their places."""
    return [(one.condition, one.start, one.end) for one in readings if isinstance(one.condition, Constraint)]


def joined_of(readings: Sequence[Reading]) -> list[tuple[Condition, int, int]]:
    """The conditions among readings that join several, with their places."""
    return [
        (one.condition, one.start, one.end)
        for one in readings
        if one.condition is not None and not isinstance(one.condition, Constraint)
    ]


def _places(readings: Sequence[Reading]) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in readings]


def _overlap(one: Reading, other: Reading) -> bool:
    return one.start < other.end and other.start < one.end
