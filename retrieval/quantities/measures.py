"""Numbers with their units: "$50", "2 kg", "an hour and a half", "1h30", "4.5 out of 5"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tastemaker.retrieval.quantities.numbers import Number, numbers_in
from tastemaker.retrieval.quantities.units import (
    MONEY_BY_WEIGHT,
    SIGN_BEFORE,
    UNIT_AFTER,
    Dimension,
    Unit,
    unit_of,
)

_MINUTES = Unit(Dimension.TIME, 1.0)
_HOURS = Unit(Dimension.TIME, 60.0)
_CLOCK = re.compile(
    r"(?<![\w.:])(?P<hours>\d{1,2})(?::(?P<minutes>[0-5]\d)(?![\d:])|"
    r"\s?h\s?(?P<rest>[0-5]\d)(?:\s?m(?:in(?:s|utes)?)?)?\b)"
)
_SPELLED = re.compile(
    r"\b(?:(?P<half>half an hour|a half[- ]hour)|(?P<three>three quarters of an hour)|(?P<quarter>a quarter of an hour)"
    r"|(?P<part>half )?(?P<one>an|one|a) (?P<unit>hour|day|week|fortnight|month|year|minute|"
    r"kilo|pound|litre|liter|mile|gig|gigabyte|metre|meter)(?P<behind> and a half)?)\b"
)
_AGED = re.compile(r"[\s-]*(?:olds?|of age)\b")
_AND_HALF = re.compile(r"\s+and a half\b")
_OUT_OF = re.compile(r"\s?(?:/|out of)\s?(5|10|100|five|ten)(?:\s+stars?)?\b")
_PERIOD = re.compile(
    r"\s*(?:a|per|each|every|/|an|p\.?)\s*(?P<period>hour|day|night|week|month|year|annum|"
    r"mo|yr|h)\b|\s+(?P<adverb>hourly|daily|weekly|monthly|yearly|annually|p\.?m|p\.?a)\b"
)
_PERIOD_NAMES = {
    "year": "annum yr yearly annually pa",
    "month": "mo monthly pm",
    "week": "weekly",
    "day": "night daily",
    "hour": "h hourly",
}
_PERIODS = {word: period for period, words in _PERIOD_NAMES.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its unit.

    Attributes:
        value: in the unit.
        unit: None for a bare number.
        start: place of its first character, a currency sign included.
        end: behind its last.
        other: the other value that its figures may have, None for most.
        second: the other unit that its word may be ("pounds"), None for most.
        per: "month" of "2,000 a month", "" for most.
        of: the top of a scale, 5 in "4 out of 5"; 0 for most.
        figures: whether it is written in figures.
    """

    value: float
    unit: Unit | None
    start: int
    end: int
    other: float | None = None
    second: Unit | None = None
    per: str = ""
    of: float = 0.0
    figures: bool = True


def measures_in(flat_text: str) -> list[Measure]:
    """The measures of a flat text, from left to right.

    >>> found = measures_in("$50, 2 kg or 4 seats, an hour and a half")
    >>> [(one.value, one.unit and one.unit.dimension.value) for one in found]
    [(50.0, 'money'), (2.0, 'weight'), (4.0, None), (90.0, 'time')]
    >>> [one.value for one in measures_in("1h30, 1:45, 2 hours 15 minutes, half an hour, two and a half hours")]
    [90.0, 105.0, 135.0, 30.0, 2.5]
    """
    found = [*_clock_times(flat_text), *_amounts_in_words(flat_text)]
    taken = [(one.start, one.end) for one in found]
    found += [
        _with_unit(flat_text, number)
        for number in numbers_in(flat_text)
        if not any(start < number.end and number.start < end for start, end in taken)
    ]
    return _join_times(flat_text, sorted(found, key=lambda one: one.start))


def _clock_times(text: str) -> list[Measure]:
    found = []
    for match in _CLOCK.finditer(text):
        minutes = 60.0 * int(match["hours"]) + int(match["minutes"] or match["rest"])
        # Of a song "4:30" is minutes and seconds: the numbers of the column decide.
        other = minutes / 60 if match["minutes"] else None
        found.append(Measure(minutes, _MINUTES, *match.span(), other=other))
    return found


def _amounts_in_words(text: str) -> list[Measure]:
    found = []
    for match in _SPELLED.finditer(text):
        if match["half"] or match["quarter"] or match["three"]:
            minutes = 30.0 if match["half"] else 45.0 if match["three"] else 15.0
            found.append(Measure(minutes, _MINUTES, *match.span(), figures=False))
            continue
        word = match["unit"]
        if match["one"] == "a" and re.search(
            r"\d\s*$|\b(?:euros?|dollars?|pounds?|k|thousand|times|once|twice|hours?|hrs?|"
            r"days?|nights?|shifts?|[$€£])\s*$",
            text[: match.start()],
        ):
            continue  # "2,000 a month" is no month
        value = (1.5 if match["behind"] else 1.0) * (2.0 if word == "fortnight" else 1.0)
        value *= 0.5 if match["part"] else 1.0
        unit = unit_of("week" if word == "fortnight" else word)
        if unit == _HOURS:
            value, unit = 60 * value, _MINUTES
        found.append(Measure(value, unit, *match.span(), figures=False))
    return found


def _with_unit(text: str, number: Number) -> Measure:
    value, start, end = number.value, number.start, number.end
    half = _AND_HALF.match(text, end)
    if half:
        value, end = value + 0.5, half.end()
    sign = SIGN_BEFORE.search(text, max(0, start - 8), start)
    if sign:
        unit, second, start = unit_of(sign["unit"]), None, sign.start()
    else:
        unit, second, end = _unit_behind(text, end)
    top = _OUT_OF.match(text, end)
    of = 0.0
    if top and not sign:
        of, end = float({"five": "5", "ten": "10"}.get(top[1], top[1])), top.end()
    half = _AND_HALF.match(text, end) if unit else None
    if half and unit and unit.dimension is Dimension.TIME:
        value, end = value + 0.5, half.end()
    period = _PERIOD.match(text, end) if (unit and unit.dimension is Dimension.MONEY) or not unit else None
    per = ""
    if period:
        word = (period["period"] or period["adverb"]).replace(".", "")
        per, end = _PERIODS.get(word, word), period.end()
    return Measure(value, unit, start, end, number.other, second, per, of, number.figures)


def _unit_behind(text: str, end: int) -> tuple[Unit | None, Unit | None, int]:
    match = UNIT_AFTER.match(text, end)
    if not match or _is_no_unit(text, match) or _AGED.match(text, match.end()):
        return None, None, end  # the age in "8 years old" is counted, as seats are
    word = match["unit"]
    if word in MONEY_BY_WEIGHT:
        return Unit(Dimension.MONEY), unit_of(word), match.end()
    return unit_of(word), None, match.end()


def _is_no_unit(text: str, match: re.Match[str]) -> bool:
    """Whether letters behind a number are a word of the sentence: the "in" of "rated 4 in Berlin", "5 an hour"."""
    word, spaced = match["unit"], text[match.start()].isspace()
    if word in ("in", "an", "h", "s", "t", "m", "mo", "mes", "or", "mi") and spaced:
        behind = text[match.end() :]
        return word in ("an", "s", "t", "mi") or (
            word == "in"
            and bool(re.match(r"\s+\w", behind))
            and not re.match(r"\s+(?:long|wide|tall|high|deep|or|and)\b", behind)
        )
    return False


def _join_times(text: str, measures: list[Measure]) -> list[Measure]:
    """Hours and the minutes behind them as one: "2 hours 15 minutes", "5 feet 3"."""
    joined: list[Measure] = []
    for one in measures:
        last = joined[-1] if joined else None
        if (
            last
            and last.unit
            and one.unit
            and one.unit.dimension is last.unit.dimension is Dimension.TIME
            and one.unit.factor < last.unit.factor
            and one.value * one.unit.factor < last.unit.factor
            and re.fullmatch(r"\s*(?:,|and)?\s*", text[last.end : one.start])
        ):
            value = (last.value * last.unit.factor + one.value * one.unit.factor) / one.unit.factor
            joined[-1] = replace(one, value=value, start=last.start, other=None)
        else:
            joined.append(one)
    return joined
