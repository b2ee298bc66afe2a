"""Numbers as people write them: with currencies, units, magnitudes, marks between thousands.

What a column's marks mean is decided for the column as a whole: "1.299" alone says nothing, "899,00" beside it
does. price-parser names currencies and Babel their codes; Pint converts units where a column mixes them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from tastemaker.retrieval.ingest.cells import as_number
from tastemaker.retrieval.ingest.forms.units import MAGNITUDES, duration_minutes, factor_between, unit_name

MOST = 0.95
"""A column with this share of numbers is one of numbers; what is none of them is missing, and told."""
PHRASE_SHARE = 0.6
"""It is one with this share, too, where all that is none is one and the same phrase ("Varies with device")."""
MAX_CELL = 40
"""Characters; a longer cell is no number."""
FREE = frozenset("free gratis kostenlos umsonst gratuit free! complimentary".split())
_NUMBER = re.compile(r"[+-]?(?:\d[\d.,'’\u00a0\u202f ]*\d|\d|[.,]\d+)(?:[eE][+-]?\d+)?")
METRES_OR_MILLIONS = "m"
"""Behind a number without a currency this is a unit where the column has other lengths, else a million."""
_SCALE = re.compile(r"\s*(?:/|out of|von|of)\s*(\d{1,3})(?:\s*(?:stars?|points?|sterne))?", re.IGNORECASE)
_YEAR = re.compile(r"[12]\d{3}")
_PREFIXES = frozenset(
    ("", "~", "ca", "ca.", "c.", "about", "from", "ab", "over", ">", "<", "≥", "≤", "=", "+", "-", "−", "(")
)
_LENGTHS = re.compile(r"height|length|width|depth|distance|size|höhe|länge|breite", re.IGNORECASE)
_TIMED = re.compile(r"duration|runtime|length|time|dauer|länge|min", re.IGNORECASE)
_COMPOUND = re.compile(r"\d\s*h\b.*\d|\d\s*h(?:ou)?rs?\b.*\d|\dh\d|^pt\d|^\d+:\d", re.IGNORECASE)
"""What only durations of several parts have."""
_STORED = re.compile(r"size|storage|memory|download|disk|ram\b", re.IGNORECASE)
_BYTE_LETTER = re.compile(r"\s*[\d.,]+\s?[kKMG]\s*")
"""In a column of file sizes "19M" is megabytes, and elsewhere millions."""
_SUFFIXES = frozenset(("", "+", "-", ".-", ",-", ")", "/-"))
_GROUPS = re.compile(r"[+-]?\d{1,3}([.,'’\u00a0\u202f ])\d{3}(?:\1\d{3})*")


@dataclass(frozen=True, slots=True)
class Written:
    """A number's parts as written: the digits with their marks, and what stands around them."""

    digits: str
    currency: str = ""
    unit: str = ""
    factor: float = 1.0


@dataclass(frozen=True)
class NumberForm:
    """How a column writes numbers.

    Attributes:
        decimal: the decimal mark.
        unit, currency: what the numbers are of; see :class:`tastemaker.retrieval.catalog.schema.Attribute`.
        missing: what is no number, with how often it occurs.
        uncertain: what the values do not decide, with what to write into the overrides; "" where nothing.
        factors: unit -> what it is in units of ``unit``, where the column mixes some.
        minutes: whether the values are durations such as "1h 30m".
        free: whether "free" is 0.
        decided: whether the values themselves, or a person, say which mark is the decimal one.
        bytes: whether "19M" is megabytes.
        valid: lowest and highest sensible number.
        only: the unit that the numbers must have, where the column is split by units.
    """

    decimal: str = "."
    unit: str = ""
    currency: str = ""
    missing: Mapping[str, int] = field(default_factory=dict)
    uncertain: str = ""
    factors: Mapping[str, float] = field(default_factory=dict)
    minutes: bool = False
    free: bool = False
    valid: tuple[float, float] = (-math.inf, math.inf)
    only: str | None = None
    decided: bool = False
    bytes: bool = False

    def read(self, value: object) -> float:
        """A cell as a number in the column's unit.

        Raises:
            ValueError: it is none.
        """
        number = self._read(value)
        if not self.valid[0] <= number <= self.valid[1]:
            raise ValueError(f"{str(value)[:80]!r} is no sensible number here")
        return number

    def _read(self, value: object) -> float:
        if not isinstance(value, str):
            return as_number(value)
        if self.minutes:
            return duration_minutes(value)
        if self.free and value.strip().casefold() in FREE:
            return 0.0
        written = written_number(_with_byte(value) if self.bytes else value)
        if self.only is not None and written.unit != self.only:
            raise ValueError(f"{value[:80]!r} is in another unit")
        if written.unit == METRES_OR_MILLIONS and self.unit != METRES_OR_MILLIONS and not self.factors:
            written = _as_millions(written)
        return round(_amount(written, self.decimal) * self.factors.get(written.unit, 1.0), 9)


_DRAWN_STARS = re.compile(r"([★⭐🌟✭]*)[☆✩✰]*(?<=[★⭐🌟✭☆✩✰])")
"""Ratings as drawn: "★★★☆☆" is 3."""


def written_number(text: str) -> Written:
    """A cell taken apart.

    Raises:
        ValueError: it is no number with a currency, a unit or a sign beside it.

    >>> written_number("1.299,00 EUR"), written_number("5,000,000+").digits
    (Written(digits='1.299,00', currency='EUR', unit='', factor=1.0), '5,000,000')
    >>> written_number("90 min").unit, written_number("$2.5k")
    ('min', Written(digits='2.5', currency='USD', unit='', factor=1000.0))
    """
    if drawn := _DRAWN_STARS.fullmatch(text.strip()):
        return Written(str(len(drawn[1]) or 0), "", "")
    found = _NUMBER.search(text) if len(text) <= MAX_CELL else None
    if found is None:
        raise ValueError(f"{text[:80]!r} is no number")
    digits = found[0].replace("\u00a0", " ").replace("\u202f", " ").strip()
    before, after = text[: found.start()].strip(), text[found.end() :].strip()
    if re.match(r"[+-]?0\d", digits) and "." not in digits and "," not in digits:
        raise ValueError(f"{text!r} is a code, no number")
    sign = ""
    if before in ("-", "−", "(-") or (before == "(" and after == ")"):
        before, after, sign = "", after.removesuffix(")"), "-"
    factor, unit, currency = 1.0, "", ""
    if scale := _SCALE.fullmatch(after):
        return Written(sign + digits, "", f"of {scale[1]}")
    if before.casefold() not in _PREFIXES:
        currency = currency_code(before)
        if not currency:
            raise ValueError(f"{text!r} is no number")
    after = after.removesuffix("+").strip() if after != "+" else ""
    if after not in _SUFFIXES:
        word, _, rest = after.partition(" ")
        if word == "m" and not currency and not rest:
            return Written(sign + digits, "", METRES_OR_MILLIONS)
        if known := MAGNITUDES.get(word.rstrip(".").casefold()):
            factor, after = known, rest.strip()
        elif (known := MAGNITUDES.get(after[:1].casefold())) and currency_code(after[1:]):
            factor, after = known, after[1:]
    if after not in _SUFFIXES and not currency:
        currency = currency_code(after)
        after = "" if currency else after
    elif currency and currency_code(after) in (currency, "USD"):
        after = ""
    if after not in _SUFFIXES:
        unit = unit_name(after)
        if unit == "s" and _YEAR.fullmatch(digits):
            raise ValueError(f"{text!r} is a decade")
    return Written(sign + digits, currency, unit, factor)


@cache
def currency_code(text: str) -> str:
    """The code of a currency's sign, code or English name; the sign itself where several share it; "" if none.

    >>> currency_code("€"), currency_code("US$"), currency_code("euros"), currency_code("kg")
    ('EUR', 'USD', 'EUR', '')
    """
    text = text.strip(" .:")
    if not text or len(text) > 12:
        return ""
    return _currencies().get(text) or _currencies().get(text.casefold(), "")


@cache
def _currencies() -> Mapping[str, str]:
    """Signs, codes and names -> code, of the currencies that are in use."""
    from babel import Locale
    from babel.numbers import get_territory_currencies

    english = Locale("en")
    lands = [str(land) for land in english.territories if len(str(land)) == 2]
    used = {str(code) for land in lands for code in get_territory_currencies(land)}
    known: dict[str, str] = {}
    for code in sorted(used):
        known[code] = code
        known[code.casefold()] = code
        known[english.currencies.get(code, code).casefold()] = code
    for code, sign in english.currency_symbols.items():
        if code in used and sign != code:
            known.setdefault(sign, code)
    common = {
        "$": "USD",
        "US$": "USD",
        "USD$": "USD",
        "£": "GBP",
        "€": "EUR",
        "¥": "JPY",
        "元": "CNY",
        "円": "JPY",
    }
    words = {
        "dollar": "USD",
        "dollars": "USD",
        "us dollars": "USD",
        "euro": "EUR",
        "euros": "EUR",
        "pound": "GBP",
        "pounds": "GBP",
        "quid": "GBP",
        "yen": "JPY",
        "rupees": "INR",
        "rs": "INR",
        "zł": "PLN",
        "kč": "CZK",
        "ft": "",
        "fr": "CHF",
        "sfr": "CHF",
        "₺": "TRY",
        "tl": "TRY",
        "руб": "RUB",
        "₽": "RUB",
        "r$": "BRL",
    }
    return known | common | words


def _amount(written: Written, decimal: str) -> float:
    digits = written.digits
    if "e" in digits.casefold() and not re.search(r"[,' ]", digits):
        return as_number(digits) * written.factor
    whole, mark, rest = digits.rpartition(decimal)
    if not mark:
        whole, rest = digits, ""
    if mark and whole.count(decimal):
        raise ValueError(f"{digits!r} has two decimal marks")
    plain = re.sub(r"[.,'’ ]", "", whole)
    groups = re.split(r"[.,'’ ]", whole)
    inner = (2, 3) if "," in whole else (3,)  # 12,34,567 is Indian writing
    if len(groups) > 1 and (len(groups[-1]) != 3 or any(len(group) not in inner for group in groups[1:])):
        raise ValueError(f"{digits!r} is no number")
    number = as_number(f"{plain or '0'}.{rest or '0'}") if plain.strip("+-") or rest else math.nan
    return number * written.factor


def number_form(
    values: Iterable[object], *, name: str = "", decimal: str | None = None, min_share: float = MOST
) -> NumberForm | None:
    """How a column writes numbers; None where it is no column of numbers.

    Args:
        values: those that are known.
        name: the column's.
        decimal: the mark that a person named, or that other columns of the file use.
        min_share: of the values that are numbers.
    """
    known = list(values)
    texts = Counter(value for value in known if isinstance(value, str))
    typed = [value for value in known if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(texts) == 0:
        return NumberForm(decided=True) if typed and len(typed) >= min_share * len(known) else None
    if texts.total() + len(typed) < min_share * len(known):
        return None
    return _form_of_texts(texts, name, decimal, min_share, len(typed))


def _form_of_texts(
    texts: Counter[str], name: str, decimal: str | None, min_share: float, typed: int
) -> NumberForm | None:
    total = sum(texts.values()) + typed
    sizes = sum(n for text, n in texts.items() if _BYTE_LETTER.fullmatch(text)) if _STORED.search(name) else 0
    if sizes and sizes >= PHRASE_SHARE * total:
        said = Counter[str]()
        for text, count in texts.items():
            said[_with_byte(text)] += count
        form = _form_of_texts(said, "", decimal, min_share, typed)
        return replace(form, bytes=True) if form else None
    written: dict[str, Written] = {}
    misses: dict[str, int] = {}
    for text, count in texts.items():
        try:
            written[text] = written_number(text)
        except ValueError:
            misses[text] = count
            if min_share and sum(misses.values()) > (1 - PHRASE_SHARE) * total:
                break
    if any(_COMPOUND.search(text) for text in texts) and (timed := _durations(texts, name, min_share)):
        return timed
    if sum(misses.values()) > (1 - PHRASE_SHARE) * total and min_share:
        return None
    mark, doubt = _decimal_mark((one.digits for one in written.values()), decimal)
    currency = _one_of(Counter(one.currency for one in written.values() if one.currency))
    units = Counter[str]()
    for text, one in written.items():
        if one.unit:
            units[one.unit] += texts[text]
    money = bool(currency)
    if doubt and not decimal and _are_thousands([one.digits for one in written.values()], money):
        mark, doubt = ",", doubt.replace("'.' is taken for the decimal mark", "they are taken for thousands")
    free = {text: n for text, n in misses.items() if text.casefold() in FREE}
    misses = {text: n for text, n in misses.items() if text not in free}
    unit, factors, strangers = _one_unit(units)
    if METRES_OR_MILLIONS in units and not _are_metres(units, name):
        written = {text: _as_millions(one) for text, one in written.items()}
        units.pop(METRES_OR_MILLIONS)
        unit, factors, strangers = _one_unit(units)
    for text in [text for text, one in written.items() if one.unit in strangers]:
        misses[text] = texts[text]
        del written[text]
    for text, one in list(written.items()):
        try:
            _amount(one, mark)
        except ValueError:
            misses[text] = texts[text]
            del written[text]
    share = 1 - sum(misses.values()) / max(total, 1)
    one_phrase = len(misses) == 1 and not any(char.isdigit() for char in next(iter(misses)))
    if not written and not free and not typed:
        return None
    if share < min_share and not (one_phrase and share >= PHRASE_SHARE and total >= 4):
        return None
    if unit and not money and sum(units.values()) < 0.8 * (total - sum(misses.values())):
        return None  # a few units among bare numbers: they are no amounts of one thing
    uncertain = (
        f'{doubt}; if not, write [items.decimals] {name} = "{"," if mark == "." else "."}"' if doubt else ""
    )
    return NumberForm(
        decimal=mark,
        unit="" if money else unit,
        currency=currency,
        missing=misses,
        uncertain=uncertain,
        factors=factors,
        free=bool(free),
        decided=bool(decimal) or any(map(_has_evidence, written.values())),
    )


def _with_byte(text: str) -> str:
    return f"{text.strip()}B" if _BYTE_LETTER.fullmatch(text) else text


def _are_metres(units: Counter[str], name: str) -> bool:
    others = any(factor_between(unit, "m") is not None for unit in units if unit != METRES_OR_MILLIONS)
    return others or bool(_LENGTHS.search(name))


def _as_millions(one: Written) -> Written:
    return replace(one, unit="", factor=1e6) if one.unit == METRES_OR_MILLIONS else one


def _durations(texts: Counter[str], name: str, min_share: float) -> NumberForm | None:
    """The form of values such as "1h 30m", "PT45M" and "3:45"; None where they are none."""
    misses: dict[str, int] = {}
    for text, count in texts.items():
        try:
            duration_minutes(text)
        except ValueError:
            misses[text] = count
    if sum(misses.values()) > (1 - min_share) * sum(texts.values()):
        return None
    short = [text for text in texts if text.count(":") == 1]
    if short and not _TIMED.search(name) and all(int(text.strip().partition(":")[0]) < 24 for text in short):
        return None  # as likely times of day
    doubt = f"{short[0]!r} is taken for minutes and seconds" if short else ""
    return NumberForm(unit="min", missing=misses, minutes=True, uncertain=doubt)


def _decimal_mark(digits: Iterable[str], said: str | None) -> tuple[str, str]:
    """The decimal mark, and what is in doubt about it."""
    votes = Counter[str]()
    three: set[str] = set()
    example = ""
    for one in digits:
        votes.update(_evidence(one))
        if (found := _GROUPS.fullmatch(one)) and one.count(found[1]) == 1 and found[1] in ".,":
            three.add(found[1])
            example = one
    if said:
        return said, ""
    if votes["."] or votes[","]:
        mark = "." if votes["."] >= votes[","] else ","
        both = bool(votes["."] and votes[","])
        return (
            mark,
            f"both '.' and ',' stand before decimals; {mark!r} is taken for the decimal mark" if both else "",
        )
    if three == {","}:
        return ".", ""
    if three == {"."}:
        return ".", f"{example!r} may be thousands or decimals; '.' is taken for the decimal mark"
    return ".", ""


ROUND = 0.5
"""Share of "28.000"-like numbers that end in two noughts, from which they are thousands: no decimals end so."""


def _are_thousands(digits: Sequence[str], money: bool) -> bool:
    """Whether numbers with three digits behind a dot are thousands: amounts of money from ten on, or round numbers.

    >>> _are_thousands(["28.000", "35.500"], money=False), _are_thousands(["1.459", "1.389"], money=True)
    (True, False)
    """
    grouped = [one for one in digits if "." in one]
    if money and any(len(one.partition(".")[0].lstrip("+-")) > 1 for one in grouped):
        return True
    return bool(grouped) and sum(one.endswith("00") for one in grouped) >= ROUND * len(grouped)


def _has_evidence(one: Written) -> bool:
    return next(_evidence(one.digits), None) is not None


def _evidence(digits: str) -> Iterator[str]:
    """The decimal mark that one number proves."""
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return
    mark, other = digits[last], "," if digits[last] == "." else "."
    behind = len(digits) - last - 1
    if digits.count(mark) > 1:
        if other not in digits:
            yield other if behind == 3 else mark
        return
    before = digits[:last].lstrip("+-")
    if other in digits or behind != 3 or not before or before.startswith("0") or len(before) > 3:
        yield mark


def _one_of(counts: Counter[str]) -> str:
    return counts.most_common(1)[0][0] if counts else ""


def _one_unit(units: Counter[str]) -> tuple[str, Mapping[str, float], set[str]]:
    """The commonest unit, factors to it, and units that do not convert to it."""
    unit = _one_of(units)
    factors, strangers = {}, set()
    for other in units:
        if other != unit:
            factor = factor_between(other, unit)
            if factor is None:
                strangers.add(other)
            else:
                factors[other] = factor
    return unit, factors, strangers


def unit_groups(texts: Iterable[str]) -> dict[str, list[str]]:
    """Unit -> the cells in it, of cells that are all numbers in a unit; {} where one is not, or units convert."""
    groups: dict[str, list[str]] = {}
    for text in texts:
        try:
            written = written_number(text)
        except ValueError:
            return {}
        if not written.unit:
            return {}
        groups.setdefault(written.unit, []).append(text)
    return groups
