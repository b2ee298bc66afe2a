"""What a catalogue's attributes are called, what kind of value each holds, and where it is known from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from rapidfuzz import fuzz, process

from tastemaker.retrieval.errors import QueryError

Value = str | int | float | date | tuple[str, ...]
"""One attribute's value: text or category, number, date, or several tags."""


ALIKE = 60
"""Two words this alike, in percent, may be the same word misspelt."""
MAX_SHOWN = 60
"""Characters of a value that an error message repeats."""


class Kind(StrEnum):
    """The kinds of attribute; each decides which constraints make sense."""

    CATEGORY = "category"
    TAGS = "tags"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    TEXT = "text"
    IMAGE = "image"
    LINK = "link"


SHOWN_ONLY = frozenset({Kind.IMAGE, Kind.LINK})
"""Web addresses: shown with an item, and neither searched, nor embedded, nor asked, nor filtered by."""


class Precision(StrEnum):
    """How much of a date is known; the rest of it is its first month and day."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


YES, NO = "yes", "no"
"""The two values of a boolean attribute; how they are said is :attr:`Attribute.answers`."""


class Provenance(StrEnum):
    """Where the values of an attribute are known from.

    ``catalogue``: stated with the item. ``inferred``: judged by somebody or a model from what is known
    of the item. ``computed``: worked out from the interaction log.
    """

    CATALOGUE = "catalogue"
    INFERRED = "inferred"
    COMPUTED = "computed"


STATED = frozenset({Provenance.CATALOGUE})
"""What :meth:`Schema.of_kind` gives unless asked for more: texts, models, prompts and questions keep to it."""
UNSTATED = frozenset({Provenance.INFERRED, Provenance.COMPUTED})
EVERY = frozenset(Provenance)
"""All attributes, for what a person states exactly: conditions, aggregates, details."""


class Attribute(BaseModel):
    """One attribute of a catalogue.

    Attributes:
        name: as conditions name it.
        kind: of its values.
        provenance: where they are known from.
        unit: of a number, as written after it ("min"); "" without one, and where it is money.
        currency: of a number that is money, by its code in ISO 4217 ("EUR"); "" otherwise.
        precision: of a date.
        order: values of a category or tags in ascending order ("S", "M", "L"), where they have one;
            every value of the column is among them.
        answers: how "no" and "yes" of a boolean are said of an item ("out of stock", "in stock").
        levels: names of the numbers 0, 1, 2, ... where a number is a level ("none", "a little", ...).
        phrase: how a number, which holds for every larger one too, is said of an item, with "{}" in its
            place ("fine from age {}"); "" for "name number".
    """

    model_config = ConfigDict(frozen=True)

    name: str
    kind: Kind
    provenance: Provenance = Provenance.CATALOGUE
    unit: str = ""
    levels: tuple[str, ...] = ()
    phrase: str = ""
    currency: str = ""
    precision: Precision = Precision.DAY
    order: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


class Schema(BaseModel):
    """The attributes of a catalogue, in the order in which they are shown.

    >>> schema = Schema(attributes=(Attribute(name="year", kind=Kind.NUMBER),))
    >>> schema["year"].kind
    <Kind.NUMBER: 'number'>
    >>> schema["yaer"]
    Traceback (most recent call last):
    tastemaker.retrieval.errors.QueryError: no attribute 'yaer'; did you mean 'year'? allowed: year
    """

    model_config = ConfigDict(frozen=True)

    attributes: tuple[Attribute, ...]

    def __getitem__(self, name: str) -> Attribute:
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        raise QueryError(f"no attribute {name!r}; {nearest_of(name, self.names())}")

    def __contains__(self, name: object) -> bool:
        return any(attribute.name == name for attribute in self.attributes)

    def of_kind(self, *kinds: Kind, provenance: Collection[Provenance] = STATED) -> Iterator[str]:
        """Names of the attributes of these kinds, in order; inferred and computed ones only where asked for.

        >>> age = Attribute(name="age_from", kind=Kind.NUMBER, provenance=Provenance.INFERRED)
        >>> schema = Schema(attributes=(Attribute(name="year", kind=Kind.NUMBER), age))
        >>> list(schema.of_kind(Kind.NUMBER)), list(schema.of_kind(Kind.NUMBER, provenance=EVERY))
        (['year'], ['year', 'age_from'])
        """
        return (one.name for one in self.attributes if one.kind in kinds and one.provenance in provenance)

    def names(self, provenance: Collection[Provenance] = EVERY) -> list[str]:
        """Names of the attributes that say something of an item, in order; addresses are none of them."""
        return [
            attribute.name
            for attribute in self.attributes
            if attribute.provenance in provenance and attribute.kind not in SHOWN_ONLY
        ]


def nearest_of(value: str, allowed: list[str], most: int = 12) -> str:
    """The part of an error message that names the nearest allowed value and lists the rest.

    >>> nearest_of("yaer", ["year", "genres"])
    "did you mean 'year'? allowed: year, genres"
    >>> nearest_of("x", ["year", "genres"])
    'allowed: year, genres'
    """
    close = process.extractOne(value[:MAX_SHOWN], allowed, scorer=fuzz.ratio, score_cutoff=ALIKE)
    listed = ", ".join(_short(one) for one in allowed[:most]) + (
        f", ... ({len(allowed) - most:,} more)" if len(allowed) > most else ""
    )
    hint = f"did you mean {_short(close[0])!r}? " if close else ""
    return f"{hint}allowed: {listed or 'none'}"


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."
