"""Years, decades and amounts in a message, as constraints on number and date attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.constraints import Constraint, Op
from tastemaker.retrieval.schema import Kind

DECADES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50,
    "sixties": 60, "seventies": 70, "eighties": 80, "nineties": 90,
}  # fmt: skip

YEAR = r"(?:1[89]\d\d|20\d\d)"
_PLAIN_YEAR = re.compile(rf"\b(?:from|in|of|year)\s+({YEAR})\b", re.IGNORECASE)
_SPAN = re.compile(rf"\b(?:between|from)\s+({YEAR})\s*(?:and|to|-|–|until|till)\s*({YEAR})\b", re.IGNORECASE)
_DECADE = re.compile(
    r"\b(early|mid|late)?[\s-]*(?:the\s+)?(1[89]|20)?['’]?(\d0)\s?['’]?(?:s|ern|er)\b", re.IGNORECASE
)
_DECADE_WORD = re.compile(rf"\b(early|mid|late)?[\s-]*({'|'.join(DECADES)})\b", re.IGNORECASE)
_BOUND = re.compile(
    rf"\b(not older than|before|until|older than|prior to|pre|after|since|newer than|from)[\s-]+({YEAR})\b"
    r"(\s+on(?:wards?)?\b)?",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\b(under|below|less than|cheaper than|at most|up to|no more than|max(?:imum)?|over|above|more than|at"
    r" least|min(?:imum)?)\s+([$€£])?\s?(\d+(?:[.,]\d+)?)\s*([a-z$€£]+)?",
    re.IGNORECASE,
)
_PARTS = {"early": (0, 4), "mid": (3, 7), "late": (5, 9), "": (0, 9)}
_UPPER_WORDS = ("under", "below", "less", "cheaper", "at most", "up to", "no more", "max")

Said = tuple[Constraint, int, int]
"""A constraint and the characters of the message that state it."""


def numbers_said(text: str, catalog: Catalog) -> Iterator[Said]:
    """Constraints on numbers that a message states, with the span of text each comes from.

    Years and decades go to the attribute that holds years (named like "year", or the only
    date); amounts go to the attribute that the message names, or to a price for a currency.
    """
    year = year_field(catalog)
    if year:
        yield from _years_said(text, year)
    yield from _amounts_said(text, catalog, year)


def year_field(catalog: Catalog) -> str | None:
    """The attribute that says when an item is from: a number named like "year", or the only date."""
    numbers = list(catalog.schema.of_kind(Kind.NUMBER))
    named = [name for name in numbers if "year" in name.casefold() or name.casefold() == "released"]
    dates = list(catalog.schema.of_kind(Kind.DATE))
    return (named + dates or [None])[0]  # type: ignore[list-item]


def _years_said(text: str, field: str) -> Iterator[Said]:
    taken: list[tuple[int, int]] = []
    for match, constraint in _year_matches(text, field):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            taken.append(match.span())
            yield constraint, *match.span()


def _year_matches(text: str, field: str) -> Iterator[tuple[re.Match[str], Constraint]]:
    for match in _SPAN.finditer(text):
        lower, upper = sorted((int(match[1]), int(match[2])))
        yield match, Constraint(field=field, op=Op.BETWEEN, value=(lower, upper))
    for match in _DECADE.finditer(text):
        century = int(match[2]) if match[2] else (20 if int(match[3]) < 20 else 19)
        yield match, _decade(field, century * 100 + int(match[3]), match[1])
    for match in _DECADE_WORD.finditer(text):
        yield match, _decade(field, 1900 + DECADES[match[2].lower()], match[1])
    for match in _BOUND.finditer(text):
        if match[1].lower() != "from" or match[3]:  # plain "from 1995" means that year
            yield match, _bound(field, match[1].lower(), int(match[2]))
    for match in _PLAIN_YEAR.finditer(text):
        yield match, Constraint(field=field, op=Op.BETWEEN, value=(int(match[1]), int(match[1])))


def _decade(field: str, first: int, part: str | None) -> Constraint:
    low, high = _PARTS[(part or "").lower()]
    return Constraint(field=field, op=Op.BETWEEN, value=(first + low, first + high))


def _bound(field: str, word: str, year: int) -> Constraint:
    if word in ("since", "from", "not older than"):
        return Constraint(field=field, op=Op.AT_LEAST, value=year)
    if word in ("after", "newer than"):
        return Constraint(field=field, op=Op.AT_LEAST, value=year + 1)
    return Constraint(field=field, op=Op.AT_MOST, value=year if word == "until" else year - 1)


def _amounts_said(text: str, catalog: Catalog, year: str | None) -> Iterator[Said]:
    numbers = [name for name in catalog.schema.of_kind(Kind.NUMBER) if name != year]
    for match in _AMOUNT.finditer(text):
        field = _amount_field(match, text, numbers)
        if field:
            op = Op.AT_MOST if match[1].lower().startswith(_UPPER_WORDS) else Op.AT_LEAST
            amount = float(match[3].replace(",", "."))
            value = int(amount) if amount.is_integer() else amount
            yield Constraint(field=field, op=op, value=value), *match.span()


def _amount_field(match: re.Match[str], text: str, numbers: list[str]) -> str | None:
    said = [name for name in numbers if name.casefold().replace("_", " ") in text.casefold()]
    unit = (match[4] or "").casefold()
    money = match[2] or unit in ("$", "€", "£", "dollars", "euros", "euro", "bucks", "pounds", "usd", "eur")
    priced = [name for name in numbers if any(w in name.casefold() for w in ("price", "cost"))]
    if said:
        return said[0]
    return priced[0] if money and priced else None
