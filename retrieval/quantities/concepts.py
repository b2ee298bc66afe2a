"""What columns of numbers are about, by their names: ``average_rating`` is a rating, and people say "stars" for it.

The concepts are in ``data/column-words.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tastemaker.retrieval.quantities.units import Dimension, Unit, unit_of
from tastemaker.retrieval.text.tokens import singular

SOURCE = "data/column-words.toml"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_LETTERS = re.compile(r"[^\w%]+|_")


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that columns of numbers are about; the file says what each part holds."""

    name: str
    columns: tuple[tuple[str, ...], ...]
    without: frozenset[str]
    nouns: tuple[str, ...]
    names: tuple[str, ...]
    verbs: tuple[str, ...]
    less: tuple[str, ...]
    more: tuple[str, ...]
    low: tuple[str, ...]
    high: tuple[str, ...]
    unit: Unit | None
    dimension: Dimension | None
    bare: str


@cache
def concepts() -> tuple[Concept, ...]:
    """All concepts, in the order of the file."""
    text = resources.files("tastemaker.retrieval").joinpath(SOURCE).read_text(encoding="utf-8")
    return tuple(_concept(name, entry) for name, entry in tomllib.loads(text).items())


def _concept(name: str, entry: Mapping[str, object]) -> Concept:
    def strings(key: str) -> tuple[str, ...]:
        found = entry.get(key, ())
        return tuple(str(one) for one in found) if isinstance(found, list | tuple) else ()

    unit, dimension = unit_of(str(entry.get("unit", ""))), entry.get("dimension")
    return Concept(
        name=name,
        columns=tuple(name_words(phrase) for phrase in strings("columns")),
        without=frozenset(strings("without")),
        nouns=strings("nouns"),
        names=strings("names"),
        verbs=strings("verbs"),
        less=strings("less"),
        more=strings("more"),
        low=strings("low"),
        high=strings("high"),
        unit=unit,
        dimension=Dimension(str(dimension)) if dimension else None,
        bare=str(entry.get("bare", "about")),
    )


def name_words(name: str) -> tuple[str, ...]:
    """The words of a column's name in the singular.

    >>> name_words("avgRating"), name_words("weight_kg"), name_words("Ratings (count)")
    (('avg', 'rating'), ('weight', 'kg'), ('rating', 'count'))
    """
    parts = _NOT_LETTERS.split(_CAMEL.sub(" ", name).casefold())
    return tuple(singular(part) for part in parts if part)


def concept_of(name: str) -> Concept | None:
    """The concept that a column's name speaks of, the one whose phrase in it is longest; None for none.

    >>> [found.name for name in ("average_rating", "ratings_count", "price_eur") if (found := concept_of(name))]
    ['rating', 'reviews', 'price']
    >>> concept_of("xyz") is None
    True
    """
    words = name_words(name)
    best: tuple[int, int] | None = None
    chosen = None
    for concept in concepts():
        if concept.without & set(words):
            continue
        for phrase in concept.columns:
            at = _position(phrase, words)
            # Longer phrases say more, and of two as long the one further behind is the noun: "price rating".
            if at is not None and (best is None or (len(phrase), at) > best):
                best, chosen = (len(phrase), at), concept
    return chosen


def _position(phrase: tuple[str, ...], words: tuple[str, ...]) -> int | None:
    return next(
        (
            at + len(phrase)
            for at in range(len(words) - len(phrase), -1, -1)
            if words[at : at + len(phrase)] == phrase
        ),
        None,
    )
