"""The words of a text in any language of ours, parted at apostrophes and hyphens too: "l'amour", "Sci-Fi"."""

from __future__ import annotations

import re
from typing import NamedTuple

from tastemaker.retrieval.text.normalise import fold

_DISTINCT = frozenset({"où", "né"})
"""Words that without their accents are others."""
_WORD = re.compile(r"[^\W_]+")


class Word(NamedTuple):
    """A word: folded, as written, and where it stands."""

    norm: str
    text: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words in order.

    >>> [word.norm for word in words_of("L'été à Paris: Schwarz-Weiß")]
    ['l', 'ete', 'a', 'paris', 'schwarz', 'weiss']
    """
    return [Word(_norm(match[0]), match[0], *match.span()) for match in _WORD.finditer(text)]


def _norm(word: str) -> str:
    small = word.casefold()
    return small if small in _DISTINCT else fold(word)
