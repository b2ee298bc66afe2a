"""Years that say when a work came out and stand before it bare: "a 1995 movie", "this 1968 Kubrick classic"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tastemaker.agent.nlu.rules.described_work import WORKS

_YEAR = r"(?:1[89]\d\d|20[0-4]\d)"
_WORK = rf"(?:{'|'.join(sorted(WORKS, key=len, reverse=True))})s?"
_OTHER = (
    r"(?:of|in|at|on|from|about|by|to|for|with|set|where|when|who|that|which|is|was|and|or|olympics?|oscars?|awards?|cup|"
    r"fair|election|season|festival|crash|census|wedding|prom|s game show)"
)
"""Words that a noun phrase about a work from that year does not go through."""
_OF_WORK = re.compile(
    rf"\b(?P<year>{_YEAR})(?= (?:(?!{_OTHER}\b)[\w'’-]+ ){{0,6}}?{_WORK}\b)(?! ?['’]?s\b)", re.IGNORECASE
)
_LIST = re.compile(
    rf"\b(?:from|in|of|year) (?P<years>{_YEAR}(?:(?:\s*,\s*(?:or )?|\s*/\s*| or )(?:from |in )?{_YEAR})+)\b",
    re.IGNORECASE,
)
_BASED = re.compile(
    r"\b(?:based (?:loosely )?(?:up)?on|(?:remade|adapted|taken) from|inspired by|"
    r"(?:remake|version|adaptation|sequel|prequel) (?:of|to)|takeoff of|spoof of|parody of|"
    r"like|since|before|after|until|than) (?:\w+ ){0,3}$",
    re.IGNORECASE,
)
"""What makes a year that of another work, or a bound."""


def works_years(text: str) -> Iterator[tuple[re.Match[str], tuple[int, ...]]]:
    """Matches, and the years that something is said to be from: one of them, in order.

    >>> [years for _, years in works_years("a 1995 movie with Tom Hanks, or from 2016 or 2017")]
    [(2016, 2017), (1995,)]
    >>> list(works_years("based on a 1983 novel")), list(works_years("the 1936 olympics film"))
    ([], [])
    """
    for match in _LIST.finditer(text):
        yield match, tuple(sorted({int(year) for year in re.findall(_YEAR, match["years"])}))
    for match in _OF_WORK.finditer(text):
        if not _BASED.search(text[: match.start("year")]):
            yield match, (int(match["year"]),)
