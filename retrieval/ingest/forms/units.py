"""Units beside numbers: their names, and what one is in another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

MAGNITUDES: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(("k", "thousand", "tsd", "mil"), 1e3),
        **dict.fromkeys(("m", "mn", "mio", "million", "millions", "lakh"), 1e6),
        **dict.fromkeys(("b", "bn", "mrd", "billion", "billions"), 1e9),
        "lakh": 1e5,
        "lakhs": 1e5,
        "crore": 1e7,
        "hundred": 1e2,
        "trillion": 1e12,
    }
)
"""What a word or letter behind a number multiplies it by."""
DIMENSIONS = ("[time]", "[mass]", "[length]", "[length] ** 3", "[temperature]", "[length] ** 2")
"""What Pint is asked about; its other units are too many to be meant."""
_UNIT = re.compile(r"[^\W\d_][^\W\d]*(?:[ /.-]?[^\W\d_]+){0,2}\.?|%|[°µ][A-Za-z]+|[\"'″′]|m[²³]", re.UNICODE)
_BYTES = re.compile(r"[kKMGT]?i?B")
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")
_PARTS = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)\.?[\s,]*(?:and\s+)?")
_SHORT: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys("min. mins minute minutes minuten minutos".split(), "min"),
        **dict.fromkeys("hr hrs hour hours hr. stunden std std. stunde".split(), "h"),
        **dict.fromkeys("sec secs second seconds sek sekunden".split(), "s"),
        **dict.fromkeys("day tage tag jours dias".split(), "days"),
        **dict.fromkeys("week wk wks wochen woche".split(), "weeks"),
        **dict.fromkeys("month months monate monat mos".split(), "months"),
        **dict.fromkeys("year yr yrs years jahre jahr".split(), "years"),
        **dict.fromkeys("kgs kg. kilo kilos kilogram kilograms kilogramm".split(), "kg"),
        **dict.fromkeys("gram grams gramm gr".split(), "g"),
        **dict.fromkeys("lbs lb. pound".split(), "lb"),
        **dict.fromkeys('inch inches " ″'.split(), "in"),
        **dict.fromkeys("litre litres liter liters".split(), "l"),
        **dict.fromkeys("percent prozent".split(), "%"),
        "season": "seasons",
        "page": "pages",
        "star": "stars",
    }
)
_MINUTES = {"s": 1 / 60, "min": 1.0, "m": 1.0, "h": 60.0, "d": 1440.0, "days": 1440.0}


def unit_name(text: str) -> str:
    """One spelling for a unit as it stands behind a number.

    Raises:
        ValueError: it is no unit but some text.

    >>> unit_name("mins"), unit_name("Weeks"), unit_name("GB"), unit_name("reviews")
    ('min', 'weeks', 'GB', 'reviews')
    """
    text = text.strip()
    if len(text) > 20 or not _UNIT.fullmatch(text):
        raise ValueError(f"{text!r} is no unit")
    known = _SHORT.get(text.casefold())
    if known:
        return known
    return text if len(text) <= 3 else text.casefold()


@cache
def factor_between(unit: str, wanted: str) -> float | None:
    """How many of the wanted unit one unit is; None where they do not measure the same.

    >>> factor_between("g", "kg"), factor_between("h", "min"), factor_between("min", "seasons")
    (0.001, 60.0, None)
    """
    if unit.casefold() == wanted.casefold() or unit.rstrip("s") == wanted.rstrip("s"):
        return 1.0
    registry = _registry()
    try:
        one, other = (registry.parse_units("kB" if name == "KB" else name) for name in (unit, wanted))
        bytes_ = bool(_BYTES.fullmatch(unit) and _BYTES.fullmatch(wanted))
        if (
            str(one.dimensionality) not in DIMENSIONS and not bytes_
        ) or one.dimensionality != other.dimensionality:
            return None
        return round(float(registry.convert(1.0, one, other)), 12)
    except Exception:  # noqa: BLE001 - Pint raises a dozen kinds for words that are no units
        return None


@cache
def _registry() -> Any:
    import pint  # a second or two, for columns that mix units

    return pint.UnitRegistry()


def duration_minutes(text: str) -> float:
    """A duration in minutes.

    Raises:
        ValueError: it is none.

    >>> duration_minutes("1h 30m"), duration_minutes("PT1H15M"), duration_minutes("1:45:00")
    (90.0, 75.0, 105.0)
    """
    text = text.strip().casefold()
    if found := _CLOCK.fullmatch(text):
        first, second, third = (int(part or 0) for part in found.groups())
        return first * 60 + second + third / 60 if found[3] else first + second / 60
    body = (
        text.removeprefix("p").replace("t", "", 1)
        if text.startswith("pt") or re.match(r"p\d", text)
        else text
    )
    total, at = 0.0, 0
    while at < len(body):
        part = _PARTS.match(body, at)
        scale = part and _MINUTES.get(_SHORT.get(part[2], part[2]))
        if not part or not scale:
            raise ValueError(f"{text[:80]!r} is no duration")
        total, at = total + float(part[1]) * scale, part.end()
    if not at:
        raise ValueError(f"{text[:80]!r} is no duration")
    return total


_NAMED = re.compile(
    r"(?:^|\s)(kg|g|lb|lbs|oz|cm|mm|km|min|mins|minute|minutes|hour|hours|hrs|ms|milliseconds|sec|"
    r"seconds|secs|days|weeks|months|mb|gb|kb|ml|percent|pct|(?<=duration )s|(?<=time )s|(?<=length )s)$"
)
_FROM_NAMES: Mapping[str, str] = MappingProxyType(
    {"milliseconds": "ms", "pct": "%", "mb": "MB", "gb": "GB", "kb": "kB"}
)


_TIMED = frozenset(
    "duration time length runtime cook cooking prep preparation play playing playtime total running read reading walk "
    "dauer zeit laufzeit temps duree tiempo tempo video track song lesson session minutes".split()
)
"""Words of columns whose "min" is minutes."""


def unit_in_name(words: str) -> str:
    """The unit that ends a column's name (in words, small letters); "" where none does.

    >>> unit_in_name("weight kg"), unit_in_name("minutes"), unit_in_name("price")
    ('kg', 'min', '')
    """
    if words.endswith(" min") and not _TIMED & set(words.split()):
        return ""  # the least of something: "salary min"
    found = _NAMED.search(words)
    return _FROM_NAMES.get(found[1]) or unit_name(found[1]) if found else ""
