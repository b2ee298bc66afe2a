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
_FIGURES = r"['’]?(?P<{}>(?:19|20)?[0-9]0)"
_BEHIND = r"(?=\s*(?:[,.;:!?)]|$|y\b|e\b|et\b|o\b|ou\b|pero\b|ma\b|mas\b|mais\b|con\b|com\b))"
_ARTICLE = r"(?:(?:de|en|a|desde) los|d[oea]s|n[oa]s|d?os|degli|dagli|negli|des|les|de)"
_LONE = (
    "noventa|ochenta|setenta|sesenta|cincuenta|oitenta|sessenta|cinquenta|quarenta|novanta|ottanta|settanta|sessanta|"
    "cinquanta"
)
_DECADE = re.compile(
    rf"\b(?:(?:ann[ée]es|d[ée]cada de(?: los)?|a[ñn]os|anni|jaren)\s+"
    rf"(?:{_FIGURES.format('after')}\b|(?P<word>{_OTHERS})\b)"
    rf"|{_ARTICLE}\s+(?:['’]?(?P<bare>[2-9]0){_BEHIND}|(?P<lone>{_LONE})\b)"
    rf"|(?P<german>{_GERMAN})n?(?:[\s-]*jahren?)?\b|(?P<figures>(?:19|20)?\d0)er[ns]?(?:[\s-]*jahren?)?\b)",
    re.IGNORECASE,
)


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
    for match in _DECADE.finditer(text):
        figures = match["after"] or match["bare"] or match["figures"]
        word = match["word"] or match["lone"] or match["german"]
        if figures:
            first = int(figures) if len(figures) == 4 else _century(int(figures)) + int(figures)
        else:
            first = 1900 + _OF_WORD[word.lower().replace(" ", "-")]
        yield Decade(first, *match.span())


def _century(tens: int) -> int:
    return 2000 if tens < 20 else 1900
