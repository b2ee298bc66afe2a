"""How values are said to people, with where they are known from: what is inferred never sounds like a fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from tastemaker.retrieval.catalog.schema import Attribute, Provenance

HEDGES: Mapping[Provenance, str] = MappingProxyType({Provenance.INFERRED: "probably "})
CLOSE_UNITS = frozenset({"%"})
"""Units written without a blank before them."""


def provenance_mark(attribute: Attribute) -> str:
    """ "inferred" or "computed"; "" for what the catalogue states."""
    return "" if attribute.provenance is Provenance.CATALOGUE else attribute.provenance.value


def value_in_words(attribute: Attribute, value: object) -> str:
    """A value under its attribute's name, as in a table of details.

    >>> from tastemaker.retrieval.catalog.schema import Kind
    >>> inferred = Provenance.INFERRED
    >>> value_in_words(Attribute(name="runtime", kind=Kind.NUMBER, provenance=inferred, unit="min"), 81)
    'about 81 min'
    >>> sex = Attribute(name="sex", kind=Kind.NUMBER, provenance=inferred, levels=("none", "a little"))
    >>> value_in_words(sex, 1), value_in_words(Attribute(name="year", kind=Kind.NUMBER), 1995.0)
    ('a little (1 of 1)', '1995')
    """
    if value is None:
        return ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(one) for one in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(attribute, value)
    return value.isoformat() if isinstance(value, date) else str(value)


def said_of_item(attribute: Attribute, value: object) -> str:
    """A value as part of a sentence on an item, hedged where it is inferred, marked where it is computed.

    >>> from tastemaker.retrieval.catalog.schema import Kind
    >>> inferred = Provenance.INFERRED
    >>> age = Attribute(name="age_from", kind=Kind.NUMBER, provenance=inferred, phrase="fine from age {}")
    >>> said_of_item(age, 7)
    'probably fine from age 7'
    >>> said_of_item(Attribute(name="runtime", kind=Kind.NUMBER, provenance=inferred, unit="min"), 81)
    'runtime about 81 min'
    >>> said_of_item(Attribute(name="moods", kind=Kind.TAGS, provenance=inferred), ("funny", "dark"))
    'moods probably funny, dark'
    >>> taken = Attribute(name="popularity", kind=Kind.NUMBER, provenance=Provenance.COMPUTED, unit="people")
    >>> said_of_item(taken, 583)
    'popularity 583 people (computed)'
    """
    hedge, words = HEDGES.get(attribute.provenance, ""), value_in_words(attribute, value)
    if attribute.phrase:
        return f"{hedge}{attribute.phrase.format(plain_number(value))}"
    computed = f" ({provenance_mark(attribute)})" if attribute.provenance is Provenance.COMPUTED else ""
    hedge = "" if words.startswith("about ") else hedge
    return f"{attribute_in_words(attribute.name)} {hedge}{words}{computed}"


def attribute_in_words(name: str) -> str:
    """A column's name as a person reads it.

    >>> attribute_in_words("release_year")
    'release year'
    """
    return name.replace("_", " ")


def plain_number(value: object) -> str:
    """A number without a needless ".0"; anything else as it is.

    >>> plain_number(7.0), plain_number(7.5), plain_number("x")
    ('7', '7.5', 'x')
    """
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _number(attribute: Attribute, value: float) -> str:
    if level := level_in_words(attribute, value):
        return f"{level} ({plain_number(value)} of {len(attribute.levels) - 1})"
    return f"{'about ' if _is_rough(attribute) else ''}{number_with_unit(attribute, value)}"


def level_in_words(attribute: Attribute, value: object) -> str:
    """The name of a level; "" where the attribute has none for this value."""
    if isinstance(value, int | float) and float(value).is_integer() and 0 <= value < len(attribute.levels):
        return attribute.levels[int(value)]
    return ""


def number_with_unit(attribute: Attribute, value: object) -> str:
    """A number, and its unit where it has one."""
    gap = "" if not attribute.unit or attribute.unit in CLOSE_UNITS else " "
    return f"{plain_number(value)}{gap}{attribute.unit}"


def _is_rough(attribute: Attribute) -> bool:
    """Whether a number is an amount that was guessed; a level or an age is hedged in other words."""
    return attribute.provenance is Provenance.INFERRED and bool(attribute.unit)
