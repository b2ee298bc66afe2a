"""One raw value of a table as a number, a date or tags."""

from __future__ import annotations

import math
import re
import unicodedata

MISSING = frozenset({"nan", "null", "n/a", "\\n", "#n/a", "-", "--", "—", "–"})
"""Stand for nothing in every column."""
NO_NUMBER = MISSING | frozenset(
    {"na", "none", "?", "tbd", "tba", ".", "...", "unknown", "undefined", "n.a.", "k.a."}
)
"""Stand for nothing in a column of numbers, dates, or yes and no; in others they may be words."""
_CODE = re.compile(r"[+-]?0\d")


def is_missing(value: object) -> bool:
    """Whether a raw attribute value stands for nothing: None, NaN, an empty list, "NaN", "null", "N/A"."""
    if isinstance(value, str):
        return not value or (len(value) <= 4 and value.casefold() in MISSING)
    return value is None or value != value or value == []


def stands_for_nothing(value: object) -> bool:
    """Whether a value says nothing in a column of numbers, dates, or yes and no."""
    return isinstance(value, str) and len(value) <= 9 and value.casefold() in NO_NUMBER


def as_number(value: object) -> float:
    """A raw value as a number.

    Raises:
        ValueError: it is none; a code such as "007" is none either.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{value!r} is no number")  # noqa: TRY004 (told to the person as a bad row)
    if isinstance(value, str) and (_CODE.match(value) or "_" in value):
        raise ValueError(f"{value!r} is a code, no number")
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise ValueError(f"{str(value)[:80]!r} is no number") from None
    if number - number != 0:
        raise ValueError(f"{value!r} is not finite")
    return number


CHINESE = ("、", "，")
"""Separators that stand for each other in one column."""


def as_list(value: object, separator: str) -> list[str]:
    """A raw value as tags: a list as it is, a text split at the separator."""
    if isinstance(value, list):
        return [str(part) for part in value if part is not None]
    if separator in CHINESE:
        return re.split("[、，]", str(value))
    return str(value).split(separator) if separator else [str(value)]


def as_id(value: object) -> str:
    """A raw value as an id; raises ValueError where there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        raise ValueError("the id is empty")
    return clean(plain_text(value))


def plain_text(value: object) -> str:
    """A raw value as text, 7.0 as "7"; raises ValueError for lists and the like."""
    if isinstance(value, list | dict | bytes):
        raise ValueError(f"{str(value)[:80]!r} is no plain value")  # noqa: TRY004 (a bad row)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def clean(text: str) -> str:
    r"""One line in composed Unicode, without control characters.

    >>> clean("a\tb\x07 c ")
    'a b c'
    """
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
        text = " ".join(text.split())
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text.strip())
