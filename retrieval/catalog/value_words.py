"""How values are said to people, with where they are known from: what is inferred never sounds like a fact."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from tastemaker.retrieval.catalog.schema import YES, Attribute, Kind, Precision, Provenance

HEDGES: Mapping[Provenance, str] = MappingProxyType({Provenance.INFERRED: "probably "})
POSSESSIVE = frozenset({"has", "have", "with"})
"""First words of a boolean's name after which something is named that the item has."""
_UNIT_IN_NAME = re.compile(r"(?<=\w) (?:ms|kg|cm|mm|km|mb|gb|sqm)$", re.IGNORECASE)
"""A unit at the end of a column's name, which its values have too."""
CLOSE_UNITS = frozenset({"%"})
"""Units written without a blank before them."""
MAX_ABBREVIATION = 3
"""Letters of a unit that has no plural: "min", "kg"."""
MS_OF_A_SECOND = 1000
GROUPED = 10_000
"""Numbers from here on are written with a mark between thousands: no year is among them."""


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
    >>> value_in_words(Attribute(name="price", kind=Kind.NUMBER, currency="EUR"), 1299.9)
    '€1,299.90'
    >>> stock = Attribute(name="stock", kind=Kind.BOOLEAN, answers=("sold out", "in stock"))
    >>> value_in_words(stock, "no"), value_in_words(Attribute(name="vegan", kind=Kind.BOOLEAN), "no")
    ('sold out', 'no')
    """
    if value is None:
        return ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(one) for one in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(attribute, value)
    if isinstance(value, date):
        return date_in_words(value, attribute.precision)
    if attribute.kind is Kind.BOOLEAN and attribute.answers:
        return answer_in_words(attribute, value)
    return str(value)


def date_in_words(value: date, precision: Precision = Precision.DAY) -> str:
    """A date as far as it is known.

    >>> date_in_words(date(2021, 9, 25)), date_in_words(date(2021, 9, 1), Precision.MONTH)
    ('25 September 2021', 'September 2021')
    """
    if precision is Precision.YEAR:
        return str(value.year)
    month = f"{calendar.month_name[value.month]} {value.year}"
    return month if precision is Precision.MONTH else f"{value.day} {month}"


def answer_in_words(attribute: Attribute, value: object) -> str:
    """A boolean as it is said of an item: in the column's own words, or in those of its name.

    >>> answer_in_words(Attribute(name="is_vegan", kind=Kind.BOOLEAN), "no")
    'not vegan'
    >>> answer_in_words(Attribute(name="has_wifi", kind=Kind.BOOLEAN), "yes")
    'with wifi'
    """
    held = str(value) == YES
    if attribute.answers:
        return attribute.answers[held]
    verb, _, rest = attribute_in_words(attribute.name).partition(" ")
    if rest and verb.casefold() in POSSESSIVE:
        return f"{'with' if held else 'without'} {rest}"
    said = rest if rest and verb.casefold() == "is" else attribute_in_words(attribute.name)
    return said if held else f"not {said}"


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
    if attribute.kind is Kind.BOOLEAN and attribute.provenance is Provenance.CATALOGUE:
        return answer_in_words(attribute, value)
    computed = f" ({provenance_mark(attribute)})" if attribute.provenance is Provenance.COMPUTED else ""
    hedge = "" if words.startswith("about ") else hedge
    return f"{attribute_in_words(attribute.name)} {hedge}{words}{computed}"


def attribute_in_words(name: str) -> str:
    """A column's name as a person reads it.

    >>> attribute_in_words("release_year")
    'release year'
    >>> attribute_in_words("weight_kg"), attribute_in_words("duration_ms")
    ('weight', 'duration')
    """
    return _UNIT_IN_NAME.sub("", name.replace("_", " "))


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
    """A number, and its unit or currency where it has one."""
    if attribute.currency and isinstance(value, int | float):
        return money(value, attribute.currency)
    if attribute.unit == "ms" and isinstance(value, int | float) and abs(value) >= MS_OF_A_SECOND:
        return _clock(value / MS_OF_A_SECOND)
    gap = "" if not attribute.unit or attribute.unit in CLOSE_UNITS else " "
    unit = (
        attribute.unit.removesuffix("s")
        if value == 1 and len(attribute.unit) > MAX_ABBREVIATION
        else attribute.unit
    )
    return f"{group_digits(_rounded(value))}{gap}{unit}"


def _rounded(value: object) -> object:
    """A number as one says it: a conversion of units leaves decimals that nobody asked for.

    >>> _rounded(4.409249), _rounded(0.011905), _rounded(7)
    (4.41, 0.0119, 7)
    """
    if not isinstance(value, float) or value == 0:
        return value
    return round(value, 2) if abs(value) >= 1 else float(f"{value:.3g}")


def _clock(seconds: float) -> str:
    """A time as people write it.

    >>> _clock(222), _clock(240), _clock(45)
    ('3:42 min', '4 min', '45 s')
    """
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes}:{rest:02d} min" if rest else f"{minutes} min"


def group_digits(value: object) -> str:
    """A number as :func:`plain_number` has it, with marks between thousands where it is large.

    >>> group_digits(1995), group_digits(5000000)
    ('1995', '5,000,000')
    """
    if isinstance(value, int | float) and abs(value) >= GROUPED:
        return f"{int(value) if float(value).is_integer() else value:,}"
    return plain_number(value)


def money(value: float, currency: str) -> str:
    """An amount in English writing; whole amounts without cents.

    >>> money(5, "USD"), money(4.5, "GBP"), money(1200, "CHF")
    ('$5', '£4.50', 'CHF 1,200')
    """
    from babel.numbers import get_currency_precision, get_currency_symbol  # read for money alone

    symbol = get_currency_symbol(currency, locale="en_US")
    digits = 0 if float(value).is_integer() else get_currency_precision(currency)
    return f"{'-' if value < 0 else ''}{symbol}{' ' if symbol[-1].isalpha() else ''}{abs(value):,.{digits}f}"


def _is_rough(attribute: Attribute) -> bool:
    """Whether a number is an amount that was guessed; a level or an age is hedged in other words."""
    return attribute.provenance is Provenance.INFERRED and bool(attribute.unit)
