"""What a catalogue's attributes are called and what kind of value each holds."""

from __future__ import annotations

from collections.abc import Iterator
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
    TEXT = "text"


class Attribute(BaseModel):
    """One attribute of a catalogue: its name and kind."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: Kind


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

    def of_kind(self, *kinds: Kind) -> Iterator[str]:
        """Names of the attributes of these kinds, in order."""
        return (attribute.name for attribute in self.attributes if attribute.kind in kinds)

    def names(self) -> list[str]:
        """All attribute names, in order."""
        return [attribute.name for attribute in self.attributes]


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
