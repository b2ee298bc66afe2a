"""Dates in every common form, read alike in a whole column.

"01/02/2020" is January or February by what the other values allow. Forms that have only digits and marks are
read by Python's own strptime, words by dateparser.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from tastemaker.retrieval.catalog.schema import Precision

MOST = 0.95
"""A column with this share of dates is one of dates."""
MOST_PARSED = 20_000
"""Different values that are read one by one; a column of more, none of them of a form with digits, is no dates."""
COARSE = 0.05
"""With this share of dates that say no day, or no month, the column is known to the month or the year only."""
EARLIEST, LATEST = 1500, 2200
"""Years that dates lie in; what is outside is a mistake, or no date."""
_DIGITS = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})((?:[ T,]+\d.*)?)")
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4})")
_REVIEW = re.compile(r"(\d{1,2}) (\d{1,2}), (\d{4})")
"""As in the review times of the Amazon files, month first."""
_HAN = re.compile(r"(\d{4})[年년]\s?(\d{1,2})[月월]\s?(\d{1,2})[日일]")
_WORDS = re.compile(r"[^\W\d_]{3,}")
_DATED = re.compile(r"\d{4}|\d\D+\d|'\d\d")
_COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
EPOCHS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""From this number on, a time is in so many parts of a second."""
ORDERS = ("DMY", "MDY", "YMD")


@dataclass(frozen=True)
class DateForm:
    """How a column writes dates.

    Attributes:
        order: of day, month and year where only digits stand: "DMY", "MDY" or "YMD".
        precision: how much of a date is written.
        epoch: parts of a second since 1970 that numbers count; 0 where there are no such numbers.
        compact: whether numbers are "20191001".
        uncertain: what the values do not decide; "" where nothing.
        missing: what is no date, with how often it occurs.
    """

    order: str = "YMD"
    precision: Precision = Precision.DAY
    epoch: float = 0.0
    compact: bool = False
    uncertain: str = ""
    missing: Mapping[str, int] = field(default_factory=dict)

    def seconds(self, value: object) -> float:
        """A cell as seconds since 1970, in UTC unless it says otherwise.

        Raises:
            ValueError: it is no date.
        """
        if self.epoch and (number := _number(value)) is not None:
            return number / self.epoch
        when = self.moment(value)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()

    def moment(self, value: object) -> datetime:
        """A cell as a date and time of day; raises likewise."""
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day)
        if self.epoch and (number := _number(value)) is not None:
            return datetime.fromtimestamp(0, UTC) + timedelta(seconds=number / self.epoch)
        when = parse(str(value).strip(), self.order)
        if self.compact and when is None:
            when = _of_compact(value)
        if when is None:
            raise ValueError(f"{str(value)[:80]!r} is no date; write YYYY-MM-DD")
        return when

    def read(self, value: object) -> date:
        """A cell as a date; raises likewise."""
        return self.moment(value).date()


def date_form(
    values: Iterable[object],
    *,
    name: str = "",
    order: str | None = None,
    timed: bool = False,
    min_share: float = MOST,
) -> DateForm | None:
    """How a column writes dates; None where it is no column of dates.

    Args:
        values: those that are known.
        name: the column's.
        order: of day, month and year, as a person named it.
        timed: whether numbers may be seconds since 1970, as in a log's time column or one called a date.
        min_share: of the values that are dates.
    """
    known = list(values)
    if not known:
        return None
    if all(isinstance(value, date) for value in known):
        return DateForm()
    numbers = [number for value in known if (number := _number(value)) is not None]
    if len(numbers) >= max(min_share, 0.5) * len(known):
        return _of_numbers(numbers, known, timed)
    texts = Counter(str(value).strip() for value in known)
    if sum(bool(re.search(r"\d", text)) for text in texts) < min_share * len(texts):
        return None
    found, doubt = (order, "") if order else _order(texts, name)
    misses: dict[str, int] = {}
    limit = (1 - min_share) * len(known)
    months = years = 0
    if len(texts) > MOST_PARSED and not any(_digits_or_iso(text) for text in list(texts)[:100]):
        return None
    for text, count in texts.items():
        when = parse(text, found)
        if when is None or not EARLIEST < when.year < LATEST:
            misses[text] = count
            if sum(misses.values()) > limit:
                return None
        elif re.fullmatch(r"\d{4}", text):
            years += count
        elif _is_month(text):
            months += count
    if years + sum(misses.values()) >= len(known):
        return None  # plain years are numbers
    coarse = (Precision.YEAR, years), (Precision.MONTH, years + months)
    precision = next((one for one, n in coarse if n >= COARSE * len(known)), Precision.DAY)
    return DateForm(found, precision, uncertain=doubt, missing=misses)


def parse(text: str, order: str) -> datetime | None:
    """A text as a date and time; None where it is none.

    >>> parse("01/02/2020", "DMY"), parse("September 25, 2021", "DMY"), parse("2001-07", "DMY")
    (datetime.datetime(2020, 2, 1, 0, 0), datetime.datetime(2021, 9, 25, 0, 0), datetime.datetime(2001, 7, 1, 0, 0))
    """
    if len(text) == 4 and text.isdecimal():
        return datetime(int(text), 1, 1) if EARLIEST < int(text) < LATEST else None
    if len(text) > 40 or len(text) < 6:
        return None
    if text.endswith((" UTC", " GMT")) and text[0].isdigit():
        text = f"{text[:-4]}+00:00"
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if found := _DIGITS.fullmatch(text):
        return _of_digits(text, found, order)
    if found := _MONTH.fullmatch(text):
        year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        return datetime(int(year), int(month), 1) if 1 <= int(month) <= 12 else None
    if found := _REVIEW.fullmatch(text):
        return _date_of(found[3], found[1], found[2])
    if found := _HAN.fullmatch(text):
        return _date_of(*found.groups())
    if not _WORDS.search(text) or not _DATED.search(text):
        return None
    return _of_words(text, order)


def _date_of(year: str, month: str, day: str) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day))
    except ValueError:
        return None


def _of_digits(text: str, found: re.Match[str], order: str) -> datetime | None:
    mark, clock = found[2], found[5].strip(" T,")
    if len(found[1]) == 4:
        date_part = f"%Y{mark}%m{mark}%d"
    elif len(found[4]) in (2, 4):
        year = "%Y" if len(found[4]) == 4 else "%y"
        day, month = ("%m", "%d") if order == "MDY" else ("%d", "%m")
        date_part = f"{day}{mark}{month}{mark}{year}"
        if order == "YMD" and year == "%y":
            date_part = f"%y{mark}%m{mark}%d"
    else:
        return None
    written = text[: found.start(5)]
    for form in _CLOCKS if clock else ("",):
        try:
            return datetime.strptime(f"{written} {clock}".strip(), date_part + form)
        except ValueError:
            continue
    return None


def _of_words(text: str, order: str) -> datetime | None:
    for form in _WORD_FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    import dateparser  # other languages and rarer forms; a third of a second to import

    settings = {
        "DATE_ORDER": order,
        "REQUIRE_PARTS": ["month", "year"],
        "PREFER_DAY_OF_MONTH": "first",
        "PARSERS": ["absolute-time"],
    }
    return dateparser.parse(text, settings=settings)  # type: ignore[arg-type, no-any-return, unused-ignore]


_WORD_FORMS = (
    *("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%B %Y", "%b %Y"),
    *("%B %d %Y", "%b %d %Y", "%Y %B %d", "%a, %d %b %Y %H:%M:%S %Z", "%a %b %d %H:%M:%S %Y"),
)


def _is_month(text: str) -> bool:
    return bool(_MONTH.fullmatch(text)) or bool(re.fullmatch(r"[^\W\d_]{3,}\.?,? \d{4}", text))


def _digits_or_iso(text: str) -> bool:
    return bool(re.match(r"\d{1,4}[./-]\d{1,2}", text))


def _order(texts: Iterable[str], name: str) -> tuple[str, str]:
    """The order of day and month in a column, and what is in doubt about it."""
    first_day = second_day = False
    dotted = slashed = ""
    for text in texts:
        found = _DIGITS.fullmatch(text)
        if not found or len(found[1]) == 4:
            continue
        first, second = int(found[1]), int(found[3])
        first_day |= first > 12
        second_day |= second > 12
        if found[2] == ".":
            dotted = text
        else:
            slashed = text
    if second_day and not first_day:
        return "MDY", ""
    if not (first_day or dotted or slashed):
        return "YMD", ""
    if first_day or dotted:
        return "DMY", ""
    line = f'[items.dates] {name} = "MDY"'
    return "DMY", f"{slashed!r} may be day or month first; the day is taken to be first; if not, write {line}"


def _of_numbers(numbers: list[float], known: list[object], timed: bool) -> DateForm | None:
    if _all_compact(numbers, known):
        return DateForm(compact=True)
    if not timed:
        return None
    largest = max(map(abs, numbers))
    return DateForm(epoch=next((unit for least, unit in EPOCHS if largest >= least), 1.0))


def _of_compact(value: object) -> datetime | None:
    """ "202401011230" as a date and time; None where it is none."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    try:
        return datetime.strptime(text, _COMPACT.get(len(text), "%Y%m%d"))
    except ValueError:
        return None


def _all_compact(numbers: list[float], known: list[object]) -> bool:
    form = _COMPACT.get(len(f"{int(numbers[0])}")) if math.isfinite(numbers[0]) else None
    if form is None:
        return False
    wrong = 0
    for value, count in Counter(known).items():
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        try:
            good = 1900 <= datetime.strptime(text, form).year <= 2100 and len(text) == len(
                str(int(numbers[0]))
            )
        except ValueError:
            good = False
        wrong += 0 if good else count
    return wrong <= (1 - MOST) * len(known)


def _number(value: object) -> float | None:
    if isinstance(value, datetime | date) or value is None or isinstance(value, bool):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return None
    return number if math.isfinite(number) else None
