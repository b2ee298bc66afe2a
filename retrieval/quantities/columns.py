"""The columns of numbers of one catalogue, with what people call them and what they are counted in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Attribute, Kind
from tastemaker.retrieval.quantities.concepts import Concept, concept_of, concepts, name_words
from tastemaker.retrieval.quantities.units import Dimension, Unit, unit_of

LOWER_THIRD, UPPER_THIRD = 1 / 3, 2 / 3
_ENDS = {"min": "low", "minimum": "low", "from": "low", "max": "high", "maximum": "high", "to": "high"}
_EMPTY = frozenset(
    "average avg mean total number num count n no min max minimum maximum of in the a per is by from to".split()
)
_OLDEST, _NEWEST = 1000, 2100


@dataclass(frozen=True)
class Column:
    """A column of numbers.

    Attributes:
        name: of the attribute.
        concept: what it is about, None where its name says nothing known.
        unit: what its numbers are counted in, None where nobody knows.
        end: "low" or "high" of a pair such as min_players and max_players, "" for most.
        low, high: the smallest and the largest number in it.
        counted: the unit as the catalogue writes it, such as "person", which may be none that converts.
    """

    name: str
    concept: Concept | None
    unit: Unit | None
    end: str
    low: float
    high: float
    middle: float
    counted: str = ""

    @property
    def dimension(self) -> Dimension | None:
        """What its amounts measure."""
        if self.unit:
            return self.unit.dimension
        return self.concept.dimension if self.concept else None

    @cached_property
    def nouns(self) -> tuple[str, ...]:
        """What people call it: its name, the last word of it, and what they say for its concept."""
        words = [
            word for word in name_words(self.name) if not unit_of(word) or len(name_words(self.name)) == 1
        ]
        whole = " ".join(words)
        telling = [word for word in words if word not in _EMPTY]
        own = [
            self.name.casefold(),
            self.name.casefold().replace("_", " "),
            whole,
            " ".join(telling),
            *telling[-1:],
        ]
        return tuple(
            dict.fromkeys(one for one in (*own, *(self.concept.nouns if self.concept else ())) if one)
        )

    def in_own_unit(self, value: float, unit: Unit | None) -> float:
        """An amount in the column's own unit; as it is where one of the two has none."""
        if unit is None or self.unit is None or unit.dimension is not self.unit.dimension:
            return value
        return value * unit.factor / self.unit.factor


class Columns:
    """The stated columns of numbers of a catalogue, but for the one of years."""

    def __init__(self, catalog: Catalog) -> None:
        self.all: tuple[Column, ...] = tuple(
            _column(catalog.schema[name], catalog)
            for name in catalog.schema.of_kind(Kind.NUMBER)
            if not is_year(name, catalog)
        )

    def of_concepts(self, names: Sequence[str]) -> list[Column]:
        """Columns about one of these, the concept named first before the others."""
        found = [one for one in self.all if one.concept and one.concept.name in names]
        return sorted(found, key=lambda one: names.index(one.concept.name) if one.concept else 0)

    @cached_property
    def money(self) -> Column | None:
        """The price, or where there is none the only column of money."""
        prices = self.of_concepts(("price",))
        paid = [one for one in self.all if one.dimension is Dimension.MONEY]
        if prices:
            return min(prices, key=lambda one: (len(name_words(one.name)), self.all.index(one)))
        return paid[0] if len(paid) == 1 else None


def is_year(name: str, catalog: Catalog) -> bool:
    """Whether a number says when an item is from: named so, and with numbers that can be years.

    >>> from tastemaker.retrieval.catalog.catalog import Item
    >>> from tastemaker.retrieval.catalog.schema import Schema
    >>> names = ("release_year", "years_experience")
    >>> schema = Schema(attributes=tuple(Attribute(name=name, kind=Kind.NUMBER) for name in names))
    >>> catalog = Catalog([Item("1", "x", {"release_year": 1999, "years_experience": 3})], schema)
    >>> [is_year(name, catalog) for name in names]
    [True, False]
    """
    words = set(name_words(name))
    if not words & {
        "year",
        "released",
        "published",
        "release",
        "jahr",
        "annee",
        "ano",
        "built",
    } and not name.casefold().endswith("year"):
        return False
    known = catalog.numbers(name)
    known = known[~np.isnan(known)]
    return len(known) == 0 or bool(np.mean((known >= _OLDEST) & (known <= _NEWEST)) > 0.5)


def _column(attribute: Attribute, catalog: Catalog) -> Column:
    numbers = catalog.numbers(attribute.name)
    known = numbers[~np.isnan(numbers)]
    low, high, middle = (
        (float(known.min()), float(known.max()), float(np.median(known))) if len(known) else (0.0, 0.0, 0.0)
    )
    concept, words = concept_of(attribute.name), name_words(attribute.name)
    stated = unit_of(attribute.unit) if attribute.unit else None
    if stated and concept and concept.dimension not in (None, stated.dimension):
        # The "length" in feet is none of time.
        fitting = (one for one in concepts() if one.dimension is stated.dimension and {*one.nouns} & {*words})
        concept = next(fitting, None)
    end = next((_ENDS[word] for word in words if word in _ENDS and len(words) > 1), "")
    if end and words == ("length", "min"):
        end = ""
    if attribute.unit and stated is None:
        concept = concept_of(attribute.unit)  # a "capacity" in persons is none in litres
    unit = _unit(attribute, concept)
    return Column(attribute.name, concept, unit, end, low, high, middle, attribute.unit)


def _unit(attribute: Attribute, concept: Concept | None) -> Unit | None:
    """The unit that the schema or the name says, else what the concept is usually counted in."""
    stated = [unit_of(attribute.unit)] if attribute.unit else []
    currency = getattr(attribute, "currency", "")
    if currency:
        stated.append(Unit(Dimension.MONEY, 1.0, str(currency).upper()))
    raw = re.split(r"[^\w%]+|_", attribute.name.casefold())
    named = [
        unit_of(word)
        for word in reversed(raw)
        if word and (len(word) > 1 or word in ("%", "g", "m", "l", "w", "h", "s"))
    ]
    wanted = concept.dimension if concept else None
    usual = concept.unit if concept else None
    if concept and wanted is None:
        named = []  # the "min" of min_players is no minute
    for unit in (*stated, usual, *named):
        if unit and (wanted is None or unit.dimension is wanted):
            return unit
    return (
        {
            Dimension.TIME: unit_of("min"),
            Dimension.STORAGE: unit_of("mb"),
            Dimension.STARS: unit_of("star"),
            Dimension.PAGES: unit_of("page"),
            Dimension.ENERGY: unit_of("kcal"),
            Dimension.SHARE: unit_of("%"),
        }.get(wanted)
        if wanted
        else None
    )
