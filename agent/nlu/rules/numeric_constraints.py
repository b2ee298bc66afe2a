"""Years and decades in a message, as constraints on the attribute that says when an item is from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain

from tastemaker.agent.nlu.rules.stated_conditions import constraints_of, read_conditions, readers_of
from tastemaker.agent.nlu.rules.years_in_other_languages import foreign_year_matches
from tastemaker.agent.nlu.rules.years_of_works import works_years
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.conditions import Constraint, Op, values_of
from tastemaker.retrieval.quantities.reading import Reading
from tastemaker.retrieval.text.flat import flat

DECADES = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
}

YEAR = r"(?:1[89]\d\d|20\d\d)"
_PLAIN_YEAR = re.compile(rf"\b(?:from|in|of|year)\s+({YEAR})\b", re.IGNORECASE)
_SPAN = re.compile(rf"\b(?:between|from)\s+({YEAR})\s*(?:and|to|-|–|until|till)\s*({YEAR})\b", re.IGNORECASE)
_DECADE = re.compile(r"\b(early|mid|late)?[\s-]*(?:the\s+)?(1[89]|20)?['’]?(\d0)\s?['’]?s\b", re.IGNORECASE)
_DECADE_OR = re.compile(
    rf"\b(?:(?:19)?['’]?([3-9]0)\s?['’]?s|({'|'.join(DECADES)}))\s*(?:or|and)\s+"
    r"(newer|later|after|more recent|above|onwards?|older|earlier|before|below)\b(?! than\b)",
    re.IGNORECASE,
)
"""A decade and all after it, or before it: "70s or before"."""
_DECADE_WORD = re.compile(rf"\b(early|mid|late)?[\s-]*({'|'.join(DECADES)})\b", re.IGNORECASE)
_BOUND = re.compile(
    rf"\b(no older than|no earlier than|no later than|no newer than|on or after|on or before|"
    rf"as of|before|until|till|up to|earlier than|older than|prior to|pre|post|after|since|"
    rf"later than|newer than|"
    rf"more recent than|at least from|from)[\s-]+({YEAR})\b(\s+on(?:wards?)?\b|\s+(?:and|or) (?:later|"
    rf"newer)\b)?",
    re.IGNORECASE,
)
_OR_LATER = re.compile(
    rf"\b({YEAR})\s*(?:and|or)\s+(newer|later|after|more recent|above|onwards?|older|earlier|before|below)\b",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(r"(?<![\w'’])['’](\d\d)\b(?!\s?['’]?s\b)")
_TURNED_DOWN = re.compile(
    r"\b(?:no|not|nothing|never|without|vetoe[sd]|don't|dont|kein\w*|nicht|except|anything but|ohne|pas|sans|rien|"
    r"sin|nada|non|senza|"
    r"niente|não|nao|sem|geen|niet|zonder)\s+"
    r"(?:(?:films?|movies?|books?|songs?|games?|jobs?|news|articles?|items?|ones?|things?|"
    r"stuff|anything|something|that|which|was|were|is|"
    r"are|it|me|to|show|want|see|need|recommend|from|of|the|made|released|out|in|published|"
    r"posted|added|updated|built|created|listed|"
    r"recorded|written|issued|launched)\s+){0,6}$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:set|takes? place|taking place|playing|plays|happen(?:s|ing)?|"
    r"about(?: life)?)\s+(?:back\s+)?(?:in|during|of|around)?\s*"
    r"(?:the\s+)?(?:early\s+|mid\s+|late\s+)?$|\bduring\s+(?:the\s+)?$|\b(?:my|our|his|her|their|your)\s+$",
    re.IGNORECASE,
)
"""A time that a story is about, or somebody's age ("women in our fifties"), not the time it was made in."""
_OR = ("or", "and", "oder", "und", "ou", "et", "o", "u", "y", "e", "of", "en")
_LINK = re.compile(
    rf"\s*(?:,|/|\+|&||({'|'.join(_OR)}|to|until|till|bis|à|a|al|hasta|até|tot|-|–))\s*(?:from\s+|aus\s+)?"
    r"(?:(?:the|les|los|gli|os|die|den|der|anni|années|años|anos|jaren|degli|de)\s+)*",
    re.IGNORECASE,
)
_INCLUDED = ("until", "till", "up to", "no later than", "no newer than", "on or before")
_PARTS = {"early": (0, 4), "mid": (3, 7), "late": (5, 9), "": (0, 9)}
Said = tuple[Constraint, int, int]
"""A constraint and the characters of the message that state it."""


def read_numbers(text: str, catalog: Catalog, today: date | None = None) -> Iterator[Said]:
    """Constraints on numbers, dates and yes-or-no columns that a message states, with the span of text each comes from.

    Amounts, calendar dates and yes-or-no words are those of :mod:`tastemaker.agent.nlu.rules.stated_conditions`;
    years and decades go to the attribute that holds years, or to the dates that the words before them name.
    """
    readings = read_conditions(text, catalog, today or date.today())
    yield from constraints_of(readings)
    yield from read_years(text, catalog, readings)


def read_years(text: str, catalog: Catalog, readings: Sequence[Reading] = ()) -> Iterator[Said]:
    """Years and decades in what ``readings`` leave of a text."""
    dates = readers_of(catalog).dates
    if dates.main:
        left = text
        for one in readings:
            left = f"{left[: one.start]}{' ' * (one.end - one.start)}{left[one.end :]}"
        said = flat(text)
        found = [
            (_on(constraint, dates.column(said, start, end) or dates.main), start, end)
            for constraint, start, end in _read_years(left, dates.main)
        ]
        yield from _join(sorted(found, key=lambda said: said[1]), text)


def _on(constraint: Constraint, field: str) -> Constraint:
    return constraint if constraint.field == field else constraint.model_copy(update={"field": field})


def year_field(catalog: Catalog) -> str | None:
    """The attribute that says when an item is from: a number named like "year", or the date that tells most."""
    return readers_of(catalog).dates.main


def _read_years(text: str, field: str) -> Iterator[Said]:
    taken: list[tuple[int, int]] = []
    for match, constraint in chain(foreign_year_matches(text, field), _year_matches(text, field)):
        start, end = match.span()
        if any(first < end and start < last for first, last in taken):
            continue
        taken.append((start, end))
        if constraint is None:
            continue
        clause = f"{_clause_before(text, start).rstrip()} "
        if not _SUBJECT.search(f"{clause}{match[0][: _lead(match)]}"):
            turned = bool(_TURNED_DOWN.search(clause))
            yield _without(constraint) if turned else constraint, start, end


def _join(said: Sequence[Said], text: str) -> Iterator[Said]:
    """Spans of years that stand side by side as one: "40s or 50s", "from the late 80s to the early 90s"."""
    left = list(said)
    while left:
        constraint, start, end = left.pop(0)
        while (
            left
            and (link := _LINK.fullmatch(text, end, left[0][1]))
            and _both_between(constraint, left[0][0])
        ):
            (low, high), (low2, high2) = values_of(constraint), values_of(left[0][0])
            if link[1] is None or (link[1].lower() in _OR and "between" not in text[:start].lower()):
                years = {
                    *range(int(str(low)), int(str(high)) + 1),
                    *range(int(str(low2)), int(str(high2)) + 1),
                }
            else:
                years = set(range(int(str(low)), int(str(high2)) + 1))
            constraint = _of_years(constraint, sorted(years))
            end = left.pop(0)[2]
        yield constraint, start, end


def _both_between(one: Constraint, other: Constraint) -> bool:
    return one.op is other.op is Op.BETWEEN


def _of_years(constraint: Constraint, years: Sequence[int]) -> Constraint:
    if years[-1] - years[0] == len(years) - 1:
        return constraint.model_copy(update={"value": (years[0], years[-1])})
    return constraint.model_copy(update={"op": Op.ANY_OF, "value": tuple(years)})


def _clause_before(text: str, at: int) -> str:
    return re.split(r"[.,;:!?\n]|\b(?<!anything )but\b", text[:at])[-1].replace("’", "'")


def _lead(match: re.Match[str]) -> int:
    """Letters of a match before its first digit: the "in the" of "in 1970"."""
    return next((place for place, letter in enumerate(match[0]) if letter.isdigit()), 0)


def _without(constraint: Constraint) -> Constraint:
    """The condition that turns this one down: another bound, or none of the years between two."""
    match constraint.op:
        case Op.AT_LEAST:
            return constraint.model_copy(update={"op": Op.AT_MOST, "value": int(str(constraint.value)) - 1})
        case Op.AT_MOST:
            return constraint.model_copy(update={"op": Op.AT_LEAST, "value": int(str(constraint.value)) + 1})
        case Op.ANY_OF:
            return constraint.model_copy(update={"op": Op.NONE_OF})
    low, high = (int(str(end)) for end in values_of(constraint))
    return constraint.model_copy(update={"op": Op.NONE_OF, "value": tuple(range(low, high + 1))})


def _year_matches(text: str, field: str) -> Iterator[tuple[re.Match[str], Constraint]]:
    for match in _SPAN.finditer(text):
        lower, upper = sorted((int(match[1]), int(match[2])))
        yield match, Constraint(field=field, op=Op.BETWEEN, value=(lower, upper))
    for match, years in works_years(text):
        yield match, _of_years(Constraint(field=field, op=Op.BETWEEN, value=years[:1] * 2), years)
    for match in _OR_LATER.finditer(text):
        later = match[2].lower() not in ("older", "earlier", "before", "below")
        yield match, Constraint(field=field, op=Op.AT_LEAST if later else Op.AT_MOST, value=int(match[1]))
    for match in _DECADE_OR.finditer(text):
        first = 1900 + (int(match[1]) if match[1] else DECADES[match[2].lower()])
        later = match[3].lower() not in ("older", "earlier", "before", "below")
        limit = first if later else first + 9
        yield match, Constraint(field=field, op=Op.AT_LEAST if later else Op.AT_MOST, value=limit)
    for match in _DECADE.finditer(text):
        century = int(match[2]) if match[2] else (20 if int(match[3]) < 20 else 19)
        yield match, _decade(field, century * 100 + int(match[3]), match[1])
    for match in _DECADE_WORD.finditer(text):
        yield match, _decade(field, 1900 + DECADES[match[2].lower()], match[1])
    for match in _BOUND.finditer(text):
        if match[1].lower() != "from" or match[3]:  # plain "from 1995" means that year
            yield match, _one_sided(field, match[1].lower(), int(match[2]))
    for match in _PLAIN_YEAR.finditer(text):
        yield match, Constraint(field=field, op=Op.BETWEEN, value=(int(match[1]), int(match[1])))
    for match in _SHORT_YEAR.finditer(text):
        year = int(match[1]) + (2000 if int(match[1]) < 30 else 1900)
        yield match, Constraint(field=field, op=Op.BETWEEN, value=(year, year))


def _decade(field: str, first: int, part: str | None) -> Constraint:
    low, high = _PARTS[(part or "").lower()]
    return Constraint(field=field, op=Op.BETWEEN, value=(first + low, first + high))


def _one_sided(field: str, word: str, year: int) -> Constraint:
    if word in ("since", "from", "no older than", "no earlier than", "on or after", "as of", "at least from"):
        return Constraint(field=field, op=Op.AT_LEAST, value=year)
    if word in ("after", "post", "newer than", "later than", "more recent than"):
        return Constraint(field=field, op=Op.AT_LEAST, value=year + 1)
    return Constraint(field=field, op=Op.AT_MOST, value=year if word in _INCLUDED else year - 1)
