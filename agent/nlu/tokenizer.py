"""Words of a message with their places, and the little morphology that matching needs."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from tastemaker.retrieval.text.stopwords import STOPWORDS as STOPWORDS

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?", re.UNICODE)
CLAUSE_END = re.compile(
    r"[.,;:!?\n]|\b(?:(?<!anything )(?<!everything )(?<!nothing )but|however|rather|instead|although)\b",
    re.IGNORECASE,
)


class Word(NamedTuple):
    """A word: its normal form and where it stands in the message."""

    norm: str
    start: int
    end: int


_STOP = re.compile(r"[.,;:!?\n]")


def words(text: str) -> list[Word]:
    """The words of a text in order.

    >>> [w.norm for w in words("Sci-fi COMÉDIES, please!")]
    ['sci', 'fi', 'comedies', 'please']
    """
    if text.isascii():  # then folding moves no letter, and all of it can be done at once
        small = fold(text)
        return [Word(small[start:end], start, end) for start, end in map(re.Match.span, WORD.finditer(text))]
    return [Word(fold(match[0]), *match.span()) for match in WORD.finditer(text)]


def fold(text: str) -> str:
    """Lower case without accents.

    >>> fold("Amélie’S")
    "amelie's"
    """
    if text.isascii():
        return text.lower()  # the same, and most of what is folded
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def clause_starts(text: str) -> list[int]:
    """Where each clause of a message begins, ascending; the first is 0."""
    return [0, *(match.end() for match in CLAUSE_END.finditer(text))]


def find_stop(text: str, start: int) -> int:
    """Where the next mark that ends a clause stands, the end of the text without one.

    >>> find_stop("a comedy, please", 2), find_stop("a comedy", 2)
    (8, 8)
    """
    stop = _STOP.search(text, start)
    return stop.start() if stop else len(text)


def shorten(text: str, most: int) -> str:
    """A text cut between words to at most ``most`` characters, an ellipsis included.

    >>> shorten("one two three", 9)
    'one two…'
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[:most]
    return (cut.rpartition(" ")[0] or cut[: most - 1]).rstrip(" ,;:.-") + "…"
