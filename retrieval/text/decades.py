"""Decades as German, French, Spanish, Italian, Portuguese and Dutch say them: "años noventa", "den Achtzigern"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TENS = {
    20: "zwanziger vingt veinte venti vinte twintig",
    30: "dreissiger dreißiger trente treinta trenta trinta dertig",
    40: "vierziger quarante cuarenta quaranta quarenta veertig",
    50: "funfziger fünfziger cinquante cincuenta cinquanta cinquenta cinqüenta vijftig",
    60: "sechziger soixante sesenta sessanta sessenta zestig",
    70: "siebziger soixante-dix septante setenta settanta zeventig",
    80: "achtziger quatre-vingts quatre-vingt ochenta ottanta oitenta tachtig",
    90: "neunziger quatre-vingt-dix nonante noventa novanta negentig",
}
_OF_WORD = {word: tens for tens, words in _TENS.items() for word in words.split()}
_GERMAN = "|".join(word for word in _OF_WORD if word.endswith(("ziger", "ßiger")))
_OTHERS = "|".join(
    re.escape(w).replace(r"\-", "[ -]") for w in sorted(_OF_WORD, key=len, reverse=True) if "iger" not in w
)
TENS_IN_WORDS = _OTHERS
"""A pattern for the tens of a decade in words, as in "degli anni sessanta e settanta"; see :func:`decade_of`."""
_FIGURES = r"['’]?(?P<figures>(?:19|20)?[0-9]0)"
_YEARS = r"(?:ann[ée]es|d[ée]cada de(?: los)?|a[ñn]os|anni|jaren)"
_BEFORE = (
    r"(?:(?:de los|desde los|en los|dans les|des|les|degli|dagli|dei|negli|gli|dos|nos|os|uit de|de|"
    r"aus den|in den|von den|den|der|die)"
    r"\s+)?"
)
_PARTS = {
    "early": r"anfang|d[ée]but|principios|comienzos|primi|inizio|in[íi]cio|come[çc]o|begin",
    "mid": r"mitte|milieu|mediados|met[àa]|meados|midden",
    "late": r"ende|fin|finales|fine|final|fim|fins|eind",
}
_PART = "|".join(f"(?P<{name}>{words})" for name, words in _PARTS.items())
DECADE = re.compile(
    rf"\b(?:(?:{_PART})\s+)?{_BEFORE}(?:{_YEARS}\s+(?:{_FIGURES}\b|(?P<word>{_OTHERS})\b)"
    rf"|(?P<german>{_GERMAN})n?(?:[\s-]*jahren?)?\b|(?P<short>(?:19|20)?\d0)er[ns]?(?:[\s-]*jahren?)?\b)"
    rf"|\b(?:(?:{_PART.replace('<', '<lone_')})\s+)?(?:(?:de|desde|en) los|los|dos|nos|"
    rf"os)\s+(?:['’]?(?P<bare>[2-9]0)\b(?!\s+\w{{4,}}|\s*%)"
    r"|(?P<lone>noventa|ochenta|setenta|sesenta|cincuenta|oitenta|sessenta|cinquenta|quarenta)\b)",
    re.IGNORECASE,
)
"""A decade, with the words before it that belong to it and its part: "fin des années 80"."""


class Decade(NamedTuple):
    """The first year of a decade, and the characters that name it."""

    first: int
    start: int
    end: int


def decades_in(text: str) -> Iterator[Decade]:
    """Decades that a text names in one of these languages.

    >>> [decade.first for decade in decades_in("de los 90, des années soixante, aus den Achtzigern")]
    [1990, 1960, 1980]
    >>> [decade.first for decade in decades_in("degli anni '50; os anos setenta; jaren tachtig; 2000er")]
    [1950, 1970, 1980, 2000]
    """
    for match in DECADE.finditer(text):
        yield Decade(first_year(match), *match.span())


def first_year(match: re.Match[str]) -> int:
    """The first year of the decade that a match of ``DECADE`` names."""
    figures = match["figures"] or match["short"] or match["bare"]
    if figures:
        return int(figures) + (0 if len(figures) == 4 else 2000 if int(figures) < 20 else 1900)
    word = match["word"] or match["lone"] or match["german"]
    return 1900 + _OF_WORD[word.lower().replace(" ", "-")]


def decade_of(tens: str) -> int:
    """The first year of a decade by its tens, in figures or words.

    >>> decade_of("70"), decade_of("1980"), decade_of("setenta")
    (1970, 1980, 1970)
    """
    if tens.isdecimal():
        return int(tens) if len(tens) > 2 else 1900 + int(tens)
    return 1900 + _OF_WORD[tens.lower().replace(" ", "-")]


def part_of(match: re.Match[str]) -> str:
    """Which part of the decade is meant: "early", "mid", "late", or "" for all of it."""
    return next((name for name in _PARTS if match[name] or match[f"lone_{name}"]), "")
