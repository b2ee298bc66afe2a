"""Groups of items that a person knows already: "we've seen all the Disney cartoons", "seen every Godfather"."""

from __future__ import annotations

import re

_ALL_OF = re.compile(
    r"\b(?:seen|watched|read|played|heard|done|owns?|knows?|had)\s+(?:(?:nearly|almost|pretty much)\s+)?"
    r"(?:(?:all|every|each|most|any)(?: single)?(?: (?:one )?of)?)(?:\s+(?:the|his|her|their|your|those))*\s+"
    r"(?!(?:of )?(?:these|those|them|this|that|it)\b|(?:but|except|bar|apart|save)\b)(?P<what>[^.,;:!?\n]+?)"
    r"(?=\s+(?:already|before|by now|anyway|twice|many times|and|but|so|a |too\b)|\s*[.,;:!?\n]|\s*$)",
    re.IGNORECASE,
)


def find_seen_groups(text: str) -> list[tuple[int, int]]:
    """Where a message says what all of which is known already.

    >>> said = "mafia films, but I've seen all the Godfathers already"
    >>> [said[a:b] for a, b in find_seen_groups(said)]
    ['Godfathers']
    >>> find_seen_groups("I've seen all of these")
    []
    """
    return [match.span("what") for match in _ALL_OF.finditer(text)]
