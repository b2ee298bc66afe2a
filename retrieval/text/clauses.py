"""A text cut into its clauses: the wishes that people string together."""

from __future__ import annotations

import re

_BREAK = re.compile(r"[,;:.!?]| and | but | with | or ")


def clauses(text: str) -> list[str]:
    """The clauses of a text, in order; empty where it has no words.

    >>> clauses("a heist with a twist, and not too long")
    ['a heist', 'a twist', 'not too long']
    """
    parts = map(str.strip, _BREAK.split(text))
    return [part for part in parts if any(letter.isalnum() for letter in part)]
