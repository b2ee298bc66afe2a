"""A title that is asked for and that the catalogue does not have: "the new Dune", "do you have Oppenheimer?"."""

from __future__ import annotations

import re
from collections.abc import Callable

_NAME = (
    r"((?:(?:The|A|An) )?[A-Z][\w'’-]*"
    r"(?:(?::| -)? (?:(?:of|the|and|in|to|for|with|a|on|vs\.?) )*(?:[A-Z][\w'’-]*|\d{1,4}\b))*)"
)
_PART = r"(?:,? (?:the )?(?:first|second|third|fourth|last|next) (?:part|one|film|movie)|,? part \w+)?"
_ASKS = re.compile(
    r"(?:\b[Tt]he (?:new|newest|latest|recent|brand[- ]new) (?:film |movie |one |part of )?"
    r"|\b(?:[Ll]ooking for|[Ss]earching for|[Hh]ave you got|[Dd]o you have|[Cc]an [Ii] (?:watch|see|get)|[Ff]ind me|"
    r"[Pp]ut on|[Ww]ant to (?:watch|see)|[Ww]anna (?:watch|see)|[Ss]how me|[Ii]s there)"
    r" (?:the (?:film|movie|book) |the new |the )?"
    rf"|^\W*[Ii]s (?=[^?]* (?:on|in|available|there)\b)){_NAME}(?![\w'’-])(?P<part>{_PART})"
    r"(?!['’]?s?[ -](?:films?|movies?|stuff|style|type|kind|like|fans?|story|stories|ones?|or so|vibes?|era|books?)\b)"
)

_NEW = re.compile(rf"\b[Tt]he (?:new|newest|latest) {_NAME}(?![\w'’-])(?= (?:film|movie|one)\b)")
"""A title before the word for what it is: "the new Dune movie"."""


def find_missing_titles(text: str, means: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Where names stand that are asked for as titles.

    Args:
        text: the message, known titles blanked out.
        means: whether a phrase means something else in this catalogue: a person, a place, a genre, a title.

    >>> said = "the new Dune, the second part"
    >>> [said[a:b] for a, b in find_missing_titles(said, lambda name: False)]
    ['Dune']
    >>> find_missing_titles("do you have French films?", lambda name: False)
    []
    """
    found = [match.span(1) for match in (*_ASKS.finditer(text), *_NEW.finditer(text)) if not means(match[1])]
    return list(dict.fromkeys(found))


_NAME_PART = r"[A-Z][^\W\d_]+(?:['’-][^\W\d_]+)*"
_PERSON = re.compile(
    r"\b(?:with|starring|featuring|stars|by|directed by|written by|from director)\s+"
    rf"({_NAME_PART}(?:\s+(?:[A-Z]\.\s*)?(?:de |van |von |da |di )?{_NAME_PART}){{1,2}})(?!['’]s\b)"
)


def find_missing_people(text: str, means: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Where whole names of people stand that are asked for and that nothing in the catalogue bears.

    >>> said = "a comedy with Timothée Chalamet"
    >>> [said[a:b] for a, b in find_missing_people(said, lambda name: False)]
    ['Timothée Chalamet']
    """
    return [match.span(1) for match in _PERSON.finditer(text) if not means(match[1])]


def part_spans(text: str) -> list[tuple[int, int]]:
    """Where such a message says which part is meant, which is nothing to search for."""
    return [match.span("part") for match in _ASKS.finditer(text) if match["part"]]
