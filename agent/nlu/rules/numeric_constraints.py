"""Years, decades and amounts in a message, as constraints on number and date attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from tastemaker.agent.nlu.rules.years_in_other_languages import foreign_year_matches
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.filters.conditions import Constraint, Op, values_of

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
_DECADE_WORD = re.compile(rf"\b(early|mid|late)?[\s-]*({'|'.join(DECADES)})\b", re.IGNORECASE)
_BOUND = re.compile(
    rf"\b(no older than|before|until|till|up to|earlier than|older than|prior to|pre|post|after|since|"
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
    r"\b(?:no|not|nothing|never|without|don't|dont|kein\w*|nicht|except|anything but|ohne|pas|sans|rien|"
    r"sin|nada|non|senza|"
    r"niente|não|nao|sem|geen|niet|zonder)\s+"
    r"(?:(?:films?|movies?|books?|songs?|ones?|stuff|anything|from|of|the|made|released|out|in)\s+){0,4}$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:set|takes? place|taking place|playing|plays|happen(?:s|ing)?|"
    r"about(?: life)?)\s+(?:back\s+)?(?:in|during|of|around)?\s*"
    r"(?:the\s+)?(?:early\s+|mid\s+|late\s+)?$|\bduring\s+(?:the\s+)?$",
    re.IGNORECASE,
)
"""A time that a story is about, not the one it was made in."""
_LINK = re.compile(r"\s*(?:,|/|(or|and|to|until|till|-|–))\s*(?:from\s+)?(?:the\s+)?", re.IGNORECASE)
_AMOUNT = re.compile(
    r"\b(under|below|less than|cheaper than|at most|up to|no more than|max(?:imum)?|no m[áa]s de|"
    r"non pi[ùu] di|pas plus de|n[ãa]o mais (?:de|que)|nicht mehr als|niet meer dan|"
    r"unter|h[öo]chstens|"
    r"weniger als|maximal|moins de|"
    r"au plus|menos de|hasta|m[áa]ximo|no m[áa]ximo|meno di|al massimo|fino a|at[ée]|minder dan|hooguit|"
    r"over|above|more than|"
    r"at least|min(?:imum)?|[üu]ber|mehr als|mindestens|plus de|au moins|m[áa]s de|al menos|pi[ùu] di|almeno|mais de|"
    r"pelo menos|meer dan|minstens)\s+([$€£])?\s?(\d+(?:[.,]\d+)?)\s*([a-z$€£]+)?",
    re.IGNORECASE,
)
_PARTS = {"early": (0, 4), "mid": (3, 7), "late": (5, 9), "": (0, 9)}
_UPPER_WORDS = (
    *(
        "under",
        "below",
        "less",
        "cheaper",
        "max",
        "unter",
        "höchstens",
        "hochstens",
        "weniger",
        "moins",
        "menos",
    ),
    *("hasta", "fino", "até", "ate", "minder", "hooguit", "máximo"),
)
_NOT_MORE = ("pas plus", "non più", "non piu", "não mais", "nao mais", "nicht mehr", "niet meer")
_UPPER_PHRASES = ("at most", "up to", "no more", "no m", "au plus", "meno di", "al massimo", *_NOT_MORE)

Said = tuple[Constraint, int, int]
"""A constraint and the characters of the message that state it."""


def read_numbers(text: str, catalog: Catalog) -> Iterator[Said]:
    """Constraints on numbers that a message states, with the span of text each comes from.

    Years and decades go to the attribute that holds years (named like "year", or the only
    date); amounts go to the attribute that the message names, or to a price for a currency.
    """
    year = year_field(catalog)
    if year:
        yield from _join(sorted(_read_years(text, year), key=lambda said: said[1]), text)
    yield from _read_amounts(text, catalog, year)


def year_field(catalog: Catalog) -> str | None:
    """The attribute that says when an item is from: a number named like "year", or the only date."""
    numbers = list(catalog.schema.of_kind(Kind.NUMBER))
    named = [name for name in numbers if "year" in name.casefold() or name.casefold() == "released"]
    dates = list(catalog.schema.of_kind(Kind.DATE))
    return (named + dates or [None])[0]  # type: ignore[list-item]


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
            if link[1] is None or (
                link[1].lower() in ("or", "and") and "between" not in text[:start].lower()
            ):
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
    low, high = (int(str(end)) for end in values_of(constraint))
    return constraint.model_copy(update={"op": Op.NONE_OF, "value": tuple(range(low, high + 1))})


def _year_matches(text: str, field: str) -> Iterator[tuple[re.Match[str], Constraint]]:
    for match in _SPAN.finditer(text):
        lower, upper = sorted((int(match[1]), int(match[2])))
        yield match, Constraint(field=field, op=Op.BETWEEN, value=(lower, upper))
    for match in _OR_LATER.finditer(text):
        later = match[2].lower() not in ("older", "earlier", "before", "below")
        yield match, Constraint(field=field, op=Op.AT_LEAST if later else Op.AT_MOST, value=int(match[1]))
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
    if word in ("since", "from", "no older than", "at least from"):
        return Constraint(field=field, op=Op.AT_LEAST, value=year)
    if word in ("after", "post", "newer than", "later than", "more recent than"):
        return Constraint(field=field, op=Op.AT_LEAST, value=year + 1)
    return Constraint(
        field=field, op=Op.AT_MOST, value=year if word in ("until", "till", "up to") else year - 1
    )


def _read_amounts(text: str, catalog: Catalog, year: str | None) -> Iterator[Said]:
    numbers = [name for name in catalog.schema.of_kind(Kind.NUMBER) if name != year]
    for match in _AMOUNT.finditer(text):
        field = _amount_field(match, text, numbers)
        if field:
            op = Op.AT_MOST if match[1].lower().startswith((*_UPPER_WORDS, *_UPPER_PHRASES)) else Op.AT_LEAST
            amount = float(match[3].replace(",", "."))
            value = int(amount) if amount.is_integer() else amount
            yield Constraint(field=field, op=op, value=value), *match.span()


def _amount_field(match: re.Match[str], text: str, numbers: list[str]) -> str | None:
    fields = [name for name in numbers if name.casefold().replace("_", " ") in text.casefold()]
    unit = (match[4] or "").casefold()
    money = match[2] or unit in ("$", "€", "£", "dollars", "euros", "euro", "bucks", "pounds", "usd", "eur")
    priced = [name for name in numbers if any(w in name.casefold() for w in ("price", "cost"))]
    if fields:
        return fields[0]
    return priced[0] if money and priced else None
