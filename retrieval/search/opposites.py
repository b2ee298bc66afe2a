"""Opposites that a word is formed into: "unfunny", "not funny", "hardly funny"."""

from __future__ import annotations

import re

_OPPOSITE = re.compile(r"^(?:un(?=[a-z]{4})|not\s+|non-?|hardly\s+|far\s+from\s+)(?=\w)", re.IGNORECASE)
_UN_WORDS = frozenset(
    "under underrated unique unusual unexpected uncanny uncut unforgettable understated uneasy union".split()
)
"""Words that begin with un and are no opposites of what follows."""


def without_negation(word: str) -> tuple[str, int]:
    """A word without what turns it round, and -1 if there was something, else 1.

    >>> without_negation("unromantic"), without_negation("not funny"), without_negation("unique story")
    (('romantic', -1), ('funny', -1), ('unique story', 1))
    """
    word = word.strip()
    told = _OPPOSITE.match(word)
    if told and word.casefold().split(" ")[0] not in _UN_WORDS:
        return word[told.end() :], -1
    return word, 1
