"""Dates as people say them, as spans of days: "2024-05-01", "May 2024", "last year", "the past two weeks"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tastemaker.retrieval.quantities.numbers import numbers_in

_OTHER_NAMES = {
    1: "januar janvier enero gennaio",
    2: "februar fevrier febrero febbraio",
    3: "marz mars marzo",
    4: "avril abril aprile",
    5: "mai mayo maggio",
    6: "juni juin junio giugno",
    7: "juli juillet julio luglio",
    8: "aout agosto",
    9: "sept septembre septiembre settembre",
    10: "oktober octobre octubre ottobre",
    11: "novembre noviembre",
    12: "dezember decembre diciembre dicembre",
}
_MONTHS = (
    {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
    | {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
    | {name: number for number, names in _OTHER_NAMES.items() for name in names.split()}
)
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:1[5-9]|20|21)\d\d"
_ISO = re.compile(
    rf"(?<![\w-])(?P<year>{_YEAR})[-/.](?P<month>\d{{1,2}})(?:[-/.](?P<day>\d{{1,2}}))?(?![\w-]|\.\d)"
)
_NUMERIC = re.compile(
    rf"(?<![\w.-])(?P<one>\d{{1,2}})(?P<sign>[-/.])(?P<two>\d{{1,2}})(?P=sign)(?P<year>{_YEAR}|\d\d)(?![\w-])"
)
_DAY_MONTH = re.compile(
    rf"(?<!\w)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?:\s+of)?\s+(?P<month>{_NAMES})\b\.?,?(?:\s+(?:of\s+)?(?P<year>{_YEAR}))?(?!\w)"
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{_NAMES})\b\.?\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|"
    rf"th)?(?!\d)(?:,?\s*(?P<year>{_YEAR}))?(?!\w)"
)
_MONTH = re.compile(rf"\b(?P<month>{_NAMES})\b\.?,?\s*(?:of\s+)?(?P<year>{_YEAR})\b")
_BARE_MONTH = re.compile(
    rf"(?<=\bin )(?P<first>{_NAMES})\b|(?<=\bsince )(?P<second>{_NAMES})\b|"
    rf"(?<=\bafter )(?P<third>{_NAMES})\b|(?<=\bbefore )(?P<fourth>{_NAMES})\b|"
    rf"(?<=\bfrom )(?P<fifth>{_NAMES})\b"
)
_QUARTER = re.compile(rf"\bq(?P<quarter>[1-4])\s*(?:of\s+)?(?P<year>{_YEAR})\b")
_UNIT = r"(?P<unit>day|week|fortnight|month|quarter|year|decade)s?"
_NUMBER = (
    r"(?P<number>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"fifteen|twenty|thirty|couple of|few)"
)
_PAST = re.compile(
    rf"\b(?:the |these |my )?(?:last|past|previous|recent)\s+(?:{_NUMBER}\s+)?{_UNIT}\b(?!\s+(?:of|at)\b)"
)
_THIS = re.compile(r"\bthis\s+(?P<unit>week|month|quarter|year|decade|century)(?:['’]?s)?\b")
_AGO = re.compile(rf"\b{_NUMBER}\s+{_UNIT}\s+ago\b")
_OLD = re.compile(rf"\b{_NUMBER}\s+{_UNIT}(?:\s+old)?\b")
_DAYS = re.compile(r"\b(?P<day>today|yesterday)\b")
_STEPS = {"day": 1, "week": 7, "fortnight": 14}
_FEW = 3


@dataclass(frozen=True, slots=True)
class CalendarSpan:
    """A span of days that a text names.

    Attributes:
        first, last: its days, both included.
        start, end: place in the text.
        relative: whether it is reckoned from today.
        year_guessed: whether a date names no year, and the latest one is taken.
        unclear: what nobody can decide of it ("03/04/2024"), in words; "" for most.
    """

    first: date
    last: date
    start: int
    end: int
    relative: bool = False
    year_guessed: bool = False
    unclear: str = ""


def calendar_spans(flat_text: str, today: date) -> list[CalendarSpan]:
    """The dates of a flat text, from left to right; plain years are left to others.

    >>> today = date(2024, 6, 15)
    >>> found = calendar_spans("2024-05-01, may 2023, last year, the past two weeks", today)
    >>> [f"{one.first} {one.last}" for one in found[:2]]
    ['2024-05-01 2024-05-01', '2023-05-01 2023-05-31']
    >>> [f"{one.first} {one.last}" for one in found[2:]]
    ['2023-01-01 2023-12-31', '2024-06-01 2024-06-15']
    >>> calendar_spans("03/04/2024", today)[0].unclear
    'whether 03/04/2024 is in March or in April (write it as 2024-03-04)'
    """
    found: list[CalendarSpan] = []
    for reader in (_absolute, _relative):
        for span in reader(flat_text, today):
            if not any(one.start < span.end and span.start < one.end for one in found):
                found.append(span)
    return sorted(found, key=lambda one: one.start)


def age_in(flat_text: str, start: int, today: date) -> tuple[date, int] | None:
    """The day that lies "6 months" before today, where such an amount begins at ``start``, and its end."""
    match = _OLD.match(flat_text, start)
    return (_back(today, match), match.end()) if match else None


def _absolute(text: str, today: date) -> Iterator[CalendarSpan]:
    for match in _ISO.finditer(text):
        yield from _span(match, int(match["year"]), int(match["month"]), match["day"])
    for match in _NUMERIC.finditer(text):
        yield from _numeric(match)
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for match in pattern.finditer(text):
            month = _MONTHS[match["month"]]
            year = int(match["year"]) if match["year"] else _latest_year(today, month, int(match["day"]))
            for span in _span(match, year, month, match["day"]):
                yield replace(span, year_guessed=not match["year"])
    for match in _MONTH.finditer(text):
        yield from _span(match, int(match["year"]), _MONTHS[match["month"]], None)
    for match in _QUARTER.finditer(text):
        first = date(int(match["year"]), 3 * int(match["quarter"]) - 2, 1)
        yield CalendarSpan(first, _shift_months(first, 3) - timedelta(days=1), *match.span())
    for match in _BARE_MONTH.finditer(text):
        month = _MONTHS[next(group for group in match.groups() if group)]
        for span in _span(match, _latest_year(today, month, 1), month, None):
            yield replace(span, year_guessed=True)


def _span(match: re.Match[str], year: int, month: int, day: str | None) -> Iterator[CalendarSpan]:
    if not 1 <= month <= 12:
        return
    last_day = calendar.monthrange(year, month)[1]
    if day is None:
        yield CalendarSpan(date(year, month, 1), date(year, month, last_day), *match.span())
    elif 1 <= int(day) <= last_day:
        yield CalendarSpan(date(year, month, int(day)), date(year, month, int(day)), *match.span())


def _numeric(match: re.Match[str]) -> Iterator[CalendarSpan]:
    one, two = int(match["one"]), int(match["two"])
    year = int(match["year"]) if len(match["year"]) == 4 else 2000 + int(match["year"])
    day, month = (two, one) if two > 12 else (one, two)
    dotted = match["sign"] == "."
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return
    unclear = ""
    if not dotted and one <= 12 and two <= 12 and one != two:
        names = f"in {calendar.month_name[one]} or in {calendar.month_name[two]}"
        unclear = f"whether {match[0]} is {names} (write it as {date(year, one, two).isoformat()})"
    yield CalendarSpan(date(year, month, day), date(year, month, day), *match.span(), unclear=unclear)


def _relative(text: str, today: date) -> Iterator[CalendarSpan]:
    for match in _AGO.finditer(text):
        day = _back(today, match)
        yield CalendarSpan(day, day, *match.span(), relative=True)
    for match in _PAST.finditer(text):
        if (
            match["number"]
            or match[0].split()[0] in ("past", "recent")
            or match[0].startswith(("the ", "these "))
            or match["unit"] == "decade"
        ):
            yield CalendarSpan(_back(today, match), today, *match.span(), relative=True)
        else:
            first, last = _whole(today, match["unit"], 1)
            yield CalendarSpan(first, last, *match.span(), relative=True)
    for match in _THIS.finditer(text):
        first, _ = _whole(today, match["unit"], 0)
        yield CalendarSpan(first, today, *match.span(), relative=True)
    for match in _DAYS.finditer(text):
        day = today - timedelta(days=match["day"] == "yesterday")
        yield CalendarSpan(day, day, *match.span(), relative=True)


def _count(match: re.Match[str]) -> int:
    said = match["number"]
    if not said or said in ("a", "an"):
        return 1
    if said in ("few", "couple of"):
        return _FEW if said == "few" else 2
    return int(numbers_in(f"{said} day")[0].value) if not said.isdigit() else int(said)


def _back(today: date, match: re.Match[str]) -> date:
    unit, number = match["unit"], _count(match)
    if unit in _STEPS:
        return today - timedelta(days=_STEPS[unit] * number)
    months = {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit] * number
    return _shift_months(today, -months)


def _shift_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one that its month has."""
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _whole(today: date, unit: str, back: int) -> tuple[date, date]:
    """The first and last day of this week, month or year, or of the one before."""
    if unit == "day":
        return today - timedelta(days=back), today - timedelta(days=back)
    if unit in ("week", "fortnight"):
        first = today - timedelta(days=today.weekday() + 7 * back)
        return first, first + timedelta(days=6)
    if unit == "month":
        first = _shift_months(today.replace(day=1), -back)
        return first, _shift_months(first, 1) - timedelta(days=1)
    if unit == "quarter":
        first = _shift_months(date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), -3 * back)
        return first, _shift_months(first, 3) - timedelta(days=1)
    length = {"year": 1, "decade": 10, "century": 100}[unit]
    year = today.year // length * length - length * back
    return date(year, 1, 1), date(year + length - 1, 12, 31)


def _latest_year(today: date, month: int, day: int) -> int:
    """The year of the last such day that is not to come."""
    return today.year if (month, day) <= (today.month, today.day) else today.year - 1
