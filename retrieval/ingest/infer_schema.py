"""What each column of a person's file is: guessed from its name and its values, and said why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tastemaker.retrieval.catalog.schema import Attribute, Kind, Precision
from tastemaker.retrieval.ingest.cells import is_missing, stands_for_nothing
from tastemaker.retrieval.ingest.forms.addresses import address_kind
from tastemaker.retrieval.ingest.forms.booleans import BooleanForm, boolean_form
from tastemaker.retrieval.ingest.forms.dates import DateForm, date_form
from tastemaker.retrieval.ingest.forms.numbers import NumberForm, currency_code, number_form
from tastemaker.retrieval.ingest.forms.text_columns import TextGuess, guess_lists, guess_separator, guess_text
from tastemaker.retrieval.ingest.forms.units import unit_in_name

SHOWN = 3
"""Cells that were left out that a report shows."""
PARTLY = 0.6
"""With this share of numbers, a column that is taken for words is asked about."""
MOST_UNITS = 3
"""Units that do not convert, of which a column is still split into attributes."""
YEARS = (1000.0, 2100.0)
"""A column called a year holds these; 0 and 9999 stand for nothing there."""
EPOCH_FROM = 1e8
"""A number in a column called a date is seconds since 1970 from here on (1973)."""
_TITLE_YEAR = re.compile(r"\((\d{4})\)$")
_YEARLY = re.compile(r"\b(?:year|yr|jahr|année|año|ano|anno|jaar)\b", re.IGNORECASE)
_TIMED = re.compile(
    r"\b(?:date|dt|dat|time|timestamp|at|on|created|updated|published|released?|posted|added|datum|fecha)\b",
    re.IGNORECASE,
)
Form = NumberForm | DateForm | BooleanForm


@dataclass(frozen=True, slots=True)
class Column:
    """What one column became.

    Attributes:
        name: as in the file; of an attribute made from a part of a column, the attribute's.
        becomes: a role (id, title, user, item, timestamp, rating), a kind, or "ignored".
        why: the reason, for a person.
        separator: between tags; "" where they come as lists; None where the column is no tags.
        form: how numbers, dates or booleans are written.
        order: of the values, where a convention gives one.
        source: the file's column, where it is not ``name``.
        doubt: what the values do not decide, with the line to write into the overrides; "" where nothing.
    """

    name: str
    becomes: str
    why: str
    separator: str | None = None
    form: Form | None = None
    order: tuple[str, ...] = ()
    source: str | None = None
    doubt: str = ""

    def __str__(self) -> str:
        doubt = f"\n  uncertain: {self.doubt}" if self.doubt else ""
        return f"{self.name} → {self.becomes}: {self.why}{doubt}"

    @property
    def attribute(self) -> Attribute:
        """The attribute of the schema that the column makes."""
        form = self.form
        return Attribute(
            name=self.name,
            kind=Kind(self.becomes),
            unit=form.unit if isinstance(form, NumberForm) else "",
            currency=form.currency if isinstance(form, NumberForm) else "",
            precision=form.precision if isinstance(form, DateForm) else Precision.DAY,
            answers=form.answers if isinstance(form, BooleanForm) else (),
            order=self.order,
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of one column; None or "" where they said nothing."""

    kind: Kind | None = None
    separator: str | None = None
    decimal: str | None = None
    dates: str | None = None
    unit: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Inference:
    """What every column of a file became; ``str()`` is the report, one line per column."""

    path: Path
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return "\n".join((*self.notes, *map(str, self.columns)))

    def of(self, role: str) -> str | None:
        """The column with a role, if there is one."""
        return next((column.source or column.name for column in self.columns if column.becomes == role), None)

    @property
    def doubts(self) -> tuple[Column, ...]:
        """The columns that the values leave uncertain."""
        return tuple(column for column in self.columns if column.doubt)


def infer_kind(name: str, values: Sequence[Any], said: Said | None = None) -> list[Column]:
    """What an attribute column holds, by its values or by what was said of it.

    Mostly one column; several where it mixes units that do not convert ("90 min", "2 seasons").
    """
    said = said or Said()
    known = [value for value in values if not is_missing(value)]
    kind = said.kind or (Kind.TAGS if said.separator is not None else None)
    if kind is None:
        return _guess(name, known, said)
    if kind is Kind.TAGS:
        separator = said.separator if said.separator is not None else guess_separator(known)
        how = "lists" if not separator else f"split at {separator!r}"
        return [Column(name, kind, f"named in the overrides, {how}", separator or "")]
    why = "named in the overrides"
    if kind is Kind.NUMBER:
        found = number_form(_solid(known), name=name, decimal=said.decimal, min_share=0.0)
        return [_number_column(name, found or NumberForm(), known, said, why)]
    if kind is Kind.DATE:
        dated = date_form(_solid(known), name=name, order=said.dates, timed=True, min_share=0.0)
        return [_date_column(name, dated or DateForm(), known, why)]
    if kind is Kind.BOOLEAN:
        return [Column(name, kind, why, form=boolean_form(_solid(known)) or ANY_BOOLEAN)]
    return [Column(name, kind, why)]


ANY_BOOLEAN = BooleanForm(frozenset(("no", "false", "0", "n")), frozenset(("yes", "true", "1", "y")))


def title_years(titles: Sequence[Any]) -> int:
    """How many titles end in a year in brackets."""
    return sum(1 for title in titles if isinstance(title, str) and _TITLE_YEAR.search(title))


def year_in(title: str) -> int | None:
    """The year in brackets that ends a title.

    >>> year_in("Heat (1995)"), year_in("Heat")
    (1995, None)
    """
    found = _TITLE_YEAR.search(title)
    return int(found[1]) if found else None


def words_of(name: str) -> str:
    """A column's name as words in small letters.

    >>> words_of("unixReviewTime"), words_of("Year-Of-Publication"), words_of("t_dat"), words_of("CustomerID")
    ('unix review time', 'year of publication', 't dat', 'customer id')
    """
    split = re.sub(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return " ".join(re.split(r"[\W_]+", split.casefold())).strip()


def _solid(known: Sequence[Any]) -> list[Any]:
    return [value for value in known if not stands_for_nothing(value)]


def _guess(name: str, known: Sequence[Any], said: Said) -> list[Column]:
    solid = _solid(known)
    if not solid:
        return [Column(name, "ignored", "no values")]
    if (shown := address_kind(name, solid)) is not None:
        return [Column(name, shown, "web addresses, which are shown and not searched")]
    if any(isinstance(value, dict | bytes) for value in known):
        return [Column(name, "ignored", "nested or binary values")]
    if any(isinstance(value, list) for value in known):
        return [_text_column(name, guess_lists(known))]
    if (truth := boolean_form(solid)) is not None:
        yes = sum(truth.read(value) == "yes" for value in solid)
        return [Column(name, Kind.BOOLEAN, f"{yes:,} yes, {len(solid) - yes:,} no", form=truth)]
    found = number_form(solid, name=name, decimal=said.decimal)
    timed = bool(_TIMED.search(words_of(name)))
    if found is not None and not (found.unit or found.currency or found.minutes):
        dated = date_form(solid, name=name, order=said.dates, timed=timed and _is_epoch(solid))
        if dated is not None:
            return [_date_column(name, dated, known, "")]
    if found is not None:
        return [_number_column(name, found, known, said, "")]
    if (dated := date_form(solid, name=name, order=said.dates, timed=timed)) is not None:
        return [_date_column(name, dated, known, "")]
    if parts := _by_units(name, solid, said):
        return parts
    column = _text_column(name, guess_text(name, [str(value) for value in known]))
    if (
        column.becomes in (Kind.CATEGORY, Kind.TEXT)
        and number_form(solid, name=name, min_share=PARTLY) is not None
    ):
        line = f'[items.kinds] {name} = "number"'
        column = replace(
            column,
            doubt=f"more than {PARTLY:.0%} of its cells are numbers; if it holds numbers, write {line}",
        )
    return [column]


def _is_epoch(values: Sequence[Any]) -> bool:
    try:
        return min(float(value) for value in values) >= EPOCH_FROM
    except (TypeError, ValueError):
        return False


def _by_units(name: str, solid: Sequence[Any], said: Said) -> list[Column]:
    """One attribute for each unit, the commonest under the column's own name; [] where units are not all it is."""
    from tastemaker.retrieval.ingest.forms.numbers import unit_groups

    groups = unit_groups([value for value in solid if isinstance(value, str)])
    smallest = min(map(len, groups.values()), default=0)
    if not 2 <= len(groups) <= MOST_UNITS or smallest < 2 or sum(map(len, groups.values())) < len(solid):
        return []
    columns: list[Column] = []
    for unit, texts in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        found = number_form(texts, name=name, decimal=said.decimal)
        if found is None:
            return []
        own = name if not columns else f"{name}_{unit.replace(' ', '_')}"
        why = f"{len(texts):,} of {len(solid):,} cells in {unit}, which are an attribute of their own"
        columns.append(replace(_number_column(own, replace(found, only=unit), texts, said, why), source=name))
    return columns


def _number_column(name: str, found: NumberForm, known: Sequence[Any], said: Said, why: str) -> Column:
    words = words_of(name)
    currency = said.currency or found.currency
    if not (currency or found.unit or said.unit):
        currency = next((code for word in re.split(r"[\W_]+", name) if (code := _code_in_name(word))), "")
    unit = "" if currency else said.unit or found.unit or unit_in_name(words)
    valid = found.valid
    numbers, missing = _read_all(known, found)
    if _YEARLY.search(words) and numbers and _share_within(numbers, YEARS) > 0.5:
        valid = YEARS
    form = replace(found, unit=unit, currency=currency, valid=valid)
    numbers, missing = _read_all(known, form)
    what = "amount in " + currency if currency else f"in {unit}" if unit else ""
    span = f"{min(numbers):g} to {max(numbers):g}" if numbers else "no numbers"
    parts = (why, what, span, _left_out(missing, len(known), "numbers"))
    return Column(
        name, Kind.NUMBER, ", ".join(part for part in parts if part), form=form, doubt=found.uncertain
    )


def _code_in_name(word: str) -> str:
    found = currency_code(word) if len(word) == 3 or word in "€$£¥" else ""
    return found if found and (word.isupper() or word.casefold() in COMMON_CODES) else ""


COMMON_CODES = frozenset("eur usd gbp jpy chf inr cad aud cny sek nok dkk pln brl".split())
"""Codes that a name may write small; others are words as often ("all", "top")."""


def _date_column(name: str, found: DateForm, known: Sequence[Any], why: str) -> Column:
    days, missing = _read_all(known, found)
    span = f"dates, {min(days)} to {max(days)}" if days else "no dates"
    precision = "" if found.precision is Precision.DAY else f"known to the {found.precision}"
    parts = (why, span, precision, _left_out(missing, len(known), "dates"))
    return Column(
        name, Kind.DATE, ", ".join(part for part in parts if part), form=found, doubt=found.uncertain
    )


def _read_all(known: Sequence[Any], form: NumberForm | DateForm) -> tuple[list[Any], Counter[str]]:
    """What a form reads, and what it does not, with how often."""
    read: list[Any] = []
    missing = Counter[str]()
    for value, times in Counter(map(_hashable, known)).items():
        try:
            read += [form.read(value)] * times
        except (ValueError, OverflowError):
            missing[str(value)] += times
    return read, missing


def _hashable(value: Any) -> Any:
    return str(value) if isinstance(value, list | dict) else value


def _left_out(missing: Counter[str], total: int, what: str) -> str:
    if not missing:
        return ""
    shown = ", ".join(repr(text[:40]) for text, _ in missing.most_common(SHOWN))
    more = ", ..." if len(missing) > SHOWN else ""
    return f"{missing.total():,} of {total:,} cells are no {what} and left out: {shown}{more}"


def _share_within(numbers: Sequence[float], span: tuple[float, float]) -> float:
    return sum(span[0] <= number <= span[1] for number in numbers) / len(numbers)


def _text_column(name: str, guess: TextGuess) -> Column:
    return Column(name, guess.becomes, guess.why, guess.separator, order=guess.order)


def attributes_of(columns: Mapping[str, Column]) -> dict[str, Attribute]:
    """The schema's attribute of each column that makes one, those with another role or ignored left out."""
    kinds = set(Kind)
    return {name: column.attribute for name, column in columns.items() if column.becomes in kinds}
