"""The ways to read a mention: a year split off, "movie" dropped, "the second X" as "X 2"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tastemaker.retrieval.text.normalise import split_year

_FILLER = re.compile(r"^the (?:movie|film) | the (?:movie|film)$|^(?:the )?(?:original|new) ")
_PLURAL = re.compile(r" (?:movies|films|series|saga|trilogy|franchise)$")
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_NTH = re.compile(
    rf"^(?:the )?(?:(?P<word>{'|'.join(_ORDINALS)})|(?P<digits>\d)(?:st|nd|rd|th)) (?P<title>.+?)(?: movie| film)?$"
)


def readings(text: str) -> Iterator[tuple[str, int | None]]:
    """A mention as title and year: brackets split off, bare year split off, then without little words.

    >>> list(readings("the second Godfather"))[1:]
    [('godfather 2', None)]
    """
    title, year = split_year(text)
    yield title, year
    if year is None:
        title, year = split_year(text, bare=True)
        if year is not None:
            yield title, year
    lower = title.casefold()
    shorter = _PLURAL.sub("", _FILLER.sub("", lower)).strip()
    if shorter and shorter != lower:
        yield shorter, year
    if nth := _NTH.match(lower):
        number = int(nth["digits"] or _ORDINALS.index(nth["word"]) + 1)
        yield (nth["title"] if number == 1 else f"{nth['title']} {number}"), year
