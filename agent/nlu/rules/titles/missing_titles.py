"""A title that is asked for and that the catalogue does not have: "the new Dune", "do you have Oppenheimer?"."""

from __future__ import annotations

import re
from collections.abc import Callable

_NAME = (
    r"(?:(?:The|A|An) )?[A-Z][\w'’-]*"
    r"(?:(?::| -)? (?:(?:of|the|and|in|to|for|with|a|on|vs\.?) )*(?:[A-Z][\w'’-]*|\d{1,4}\b))*"
)
_PART = r"(?:,? (?:the )?(?:first|second|third|fourth|last|next) (?:part|one|film|movie)|,? part \w+)?"
_ASKS = re.compile(
    r"(?:(?:(?P<new>\b[Tt]he (?:brand[- ])?new)|\b[Tt]he (?:newest|latest|recent)) (?:film |movie |one |part of )?"
    r"|\b(?:[Ll]ooking for|[Ss]earching for|[Hh]ave you got|[Dd]o you have|[Cc]an [Ii] (?:watch|see|get)|[Ff]ind me|"
    r"[Pp]ut on|[Ww]ant to (?:watch|see)|[Ww]anna (?:watch|see)|[Ss]how me|[Ii]s there)"
    r" (?:the (?:film|movie|book) |the new |the )?"
    rf"|^\W*[Ii]s (?=[^?]* (?:on|in|available|there)\b))(?P<name>{_NAME})(?![\w'’-])(?P<part>{_PART})"
    r"(?!['’]?s?[ -](?:films?|movies?|stuff|style|type|kind|like|fans?|story|stories|ones?|or so|vibes?|era|books?)\b)"
)

_OF_A_KIND = re.compile(r"\b(?:films?|movies?|books?|series|some\w+|any\w+)\b", re.IGNORECASE)
_NEW = re.compile(rf"\b[Tt]he (?:new|newest|latest) (?P<name>{_NAME})(?![\w'’-])(?= (?:film|movie|one)\b)")
"""A title before the word for what it is: "the new Dune movie"."""


def find_missing_titles(
    text: str, named: Callable[[str], bool], means: Callable[[str], bool]
) -> list[tuple[int, int]]:
    """Where names stand that are asked for as titles.

    Args:
        text: the message, known titles blanked out.
        named: whether a phrase names something of this catalogue: a person, a genre, a title.
        means: whether a phrase could be a wish all the same: "Scary", "Prisoners". "The new Prisoners" is one
            work, and so is "The Whale".

    >>> said = "the new Dune, the second part"
    >>> [said[a:b] for a, b in find_missing_titles(said, lambda name: False, lambda name: True)]
    ['Dune']
    >>> find_missing_titles("do you have French films?", lambda name: False, lambda name: False)
    []
    """
    asked = [(match.span("name"), bool(match["new"])) for match in _ASKS.finditer(text)]
    asked += [(match.span("name"), False) for match in _NEW.finditer(text)]
    found = []
    for span, new in asked:
        name = text[slice(*span)]
        is_one = (new or name.startswith("The ")) and not _OF_A_KIND.search(name)
        if not named(name) and (is_one or not means(name)):
            found.append(span)
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
