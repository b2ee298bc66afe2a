"""When a story plays: "set in the 1920s", "before about 1950", "in the 18th century"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

EARLIEST, LATEST = -10_000, 1999
OVERLAP = 0.4
"""Share of a period's years that must lie within what is asked for."""
COMMON = tuple(
    "ancient medieval 1500s 1600s 1700s 1800s 1900s 1910s 1920s 1930s 1940s 1950s 1960s 1970s 1980s 1990s".split()
)
"""Values of a period where no catalogue says which there are; whole centuries up to the 1800s, then decades."""

_NAMED = {
    "ancient": (-3000, 500),
    "medieval": (500, 1500),
    "renaissance": (1400, 1600),
    "prehistoric": (EARLIEST, -3000),
    "stone age": (EARLIEST, -3000),
    "long ago": (EARLIEST, 1500),
}
_TENS = {
    name: tens
    for tens, names in {
        20: "twenties",
        30: "thirties",
        40: "forties fourties",
        50: "fifties",
        60: "sixties",
        70: "seventies",
        80: "eighties",
        90: "nineties",
    }.items()
    for name in names.split()
}
_CENTURIES = {
    "fifteenth": 15,
    "sixteenth": 16,
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
    "twentieth": 20,
}
_PLAYS = (
    r"(?:set|sets|takes? place|taking place|plays?|playing|happen(?:s|ing)?|located|story|stories|life|situated|back|"
    r"during|ambientad[ao]s?|se deroule|spielt|ambientato|ambientata|passad[oa])"
)
_SPAN = (
    r"(?:(?P<century>(?:1[0-9]|20)th|" + "|".join(_CENTURIES) + r")[\s-]+century|(?P<hundreds>1[0-8]00)s"
    r"|(?P<decade>(?:18|19|20)\d0)'?s|'?(?P<short>[2-9]0)'?s\b|(?P<words>"
    + "|".join(_TENS)
    + r")|(?P<year>1[0-9]\d\d)\b)"
)
_SET_IN = re.compile(
    rf"\b{_PLAYS}\s+(?:\w+\s+){{0,3}}?(?P<sign>before|after|prior to|until|since|in|during|around|about|at|"
    rf"between)?\s*"
    rf"(?:the\s+)?(?:about\s+|around\s+)?(?:early\s+|late\s+|mid[\s-]?|year\s+|start of the\s+|"
    rf"end of the\s+|turn of the\s+)?(?:19)?{_SPAN}"
)
_OF_MAKING = (
    r"(?!(?:made|shot|released|out|born|from|was|were|is|are|am|be|been|being|film|films|movie|movies|one|ones|"
    r"comedy|comedies|drama|dramas|"
    r"thriller|thrillers|horror|western|westerns|romance|classic|classics|cinema|hit|hits|flick|flicks|popular|big|"
    r"kid|child|teenager|young|up|it|that|them|those|did|do|my|came|come|won|stars?|actors?|hollywood|something|"
    r"anything|\w{2,}ed)\b)"
)
_IN_A_DECADE = re.compile(
    rf"\b{_OF_MAKING}[\w'-]+,?\s+(?P<sign>in|during)\s+(?:the\s+)?(?:early\s+|late\s+|mid[\s-]?|roaring\s+|"
    rf"swinging\s+)?(?:19)?{_SPAN}"
)
"""Behind a place a decade is when it plays: "new york in the seventies"; "films in the 80s" are of then."""
_DECADE_OF_PLACE = re.compile(
    rf"\b(?:(?P<decade>(?:18|19)\d0)'?s|'?(?P<short>[2-9]0)'?s|(?P<words>{'|'.join(_TENS)}))(?=\s+(?:new york|"
    rf"london|paris|berlin|chicago|"
    r"los angeles|l\.?a\.?|tokyo|rome|america|england|britain|france|italy|germany|spain|brooklyn|harlem|"
    r"san francisco|hong kong|vienna|moscow|ireland|dublin|scotland|texas|suburbia|miami|las vegas|vegas|"
    r"manhattan|boston)\b)"
)
"""Before a place likewise: "sixties london"."""
_OWN = re.compile(r"(1[0-9]|20)(\d\d)s(?: (?:to|and) (?:(1[0-9]|20)(\d\d)s|present))?")


@dataclass(frozen=True)
class Period:
    """The years in which the story is to play.

    Attributes:
        first: year.
        last: year.
        start: of the words, in the text.
        end: behind them.
    """

    first: int
    last: int
    start: int
    end: int


def periods_in(flat_text: str) -> Iterator[Period]:
    """Spans of years in a flat text that are said of the story; years of making are not meant.

    >>> [(p.first, p.last) for p in periods_in("set in the 1920s, or takes place before about 1950")]
    [(1920, 1929), (-10000, 1949)]
    >>> list(periods_in("a comedy from the 1980s"))
    []
    >>> [(p.first, p.last) for p in periods_in("new york in the seventies")]
    [(1970, 1979)]
    """
    told = list(_SET_IN.finditer(flat_text))
    ends = {match.end() for match in told}
    for match in _DECADE_OF_PLACE.finditer(flat_text):
        if match.end() not in ends:
            decade = int(match["decade"] or 1900 + int(match["short"] or _TENS.get(match["words"], 0)))
            yield Period(decade, decade + 9, *match.span())
    for match in (*told, *(one for one in _IN_A_DECADE.finditer(flat_text) if one.end() not in ends)):
        first, last = _years(match)
        sign = match["sign"]
        if sign in ("before", "prior to", "until"):
            first, last = EARLIEST, first - 1
        elif sign in ("after", "since"):
            first, last = last + 1, LATEST
        start = match.start("sign") if match.re is _IN_A_DECADE else match.start()
        yield Period(first, last, start, match.end())


def _years(match: re.Match[str]) -> tuple[int, int]:
    if match["century"]:
        number = _CENTURIES.get(match["century"]) or int(match["century"].removesuffix("th"))
        return 100 * number - 100, 100 * number - 1
    if match["hundreds"]:
        return int(match["hundreds"]), int(match["hundreds"]) + 99
    if match["year"]:
        return int(match["year"]), int(match["year"])
    decade = (
        int(match["decade"])
        if match["decade"]
        else 1900 + (int(match["short"]) if match["short"] else _TENS[match["words"]])
    )
    return decade, decade + 9


def values_within(first: int, last: int, values: Sequence[str]) -> tuple[str, ...]:
    """Values of a period, as a catalogue writes them, that lie within some years.

    >>> values_within(1920, 1949, ["1920s", "1900s", "1930s to 1940s", "present", "medieval"])
    ('1920s', '1930s to 1940s')
    """
    found = []
    for value in values:
        years = _years_of(value)
        if years is None:
            continue
        inside = min(last, years[1]) - max(first, years[0]) + 1
        length = years[1] - years[0] + 1
        if inside > 0 and (inside >= OVERLAP * length or (first == last and length <= 10)):
            found.append(value)
    return tuple(found)


@lru_cache(1024)
def _years_of(value: str) -> tuple[int, int] | None:
    folded = value.casefold()
    if folded in _NAMED:
        return _NAMED[folded]
    match = _OWN.fullmatch(folded)
    if not match:
        return None
    first = int(match[1] + match[2])
    century = match[2] == "00" and first < 1900
    last = int(match[3] + match[4]) + 9 if match[3] else first + (99 if century else 9)
    return first, last
