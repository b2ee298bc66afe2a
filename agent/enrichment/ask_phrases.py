"""Phrases in which people would ask for an item, as a model answers them, and which of them are taken.

They are free words, so they never become a statement about the item: they are searched
(:mod:`tastemaker.retrieval.index.ask_index`) and neither shown nor put before a model. What an item's
text dictates can thus make it found more often, as the text itself can, and nothing else.
"""

from __future__ import annotations

import re
from typing import Any

from tastemaker.retrieval.text.film_titles import split_year

MIN_ASKS, MAX_ASKS = 3, 8
MIN_WORDS, MAX_WORDS = 3, 12
MAX_ASK_CHARACTERS = 100
TOKENS_AN_ASK = 20
"""Room in an answer for one phrase."""
ASKS_IN_WORDS = (
    f"{MIN_ASKS} to {MAX_ASKS} different phrases of {MIN_WORDS} to {MAX_WORDS} words each, of letters, digits, spaces, "
    "commas, apostrophes and hyphens only, without the title"
)

_PLAIN = re.compile(r"[^\W_]+['’]?(?:(?:, | |['’-])[^\W_]+['’]?)*")
"""No address, markup or sentence mark gets through."""


def ask_phrases(raw: Any, title: str, *, drop: bool = False) -> tuple[str, ...]:
    """The phrases of an answer, each once.

    Args:
        raw: what the model wrote.
        title: the item's; a phrase that names it is no way to ask for it.
        drop: whether to leave out what does not fit; otherwise that is an error.

    Raises:
        ValueError: it is no list of enough phrases that fit.

    >>> ask_phrases(["a heist that goes wrong", "cops and robbers in L A", "see www.x.y"], "Heat", drop=True)
    Traceback (most recent call last):
    ValueError: 2 phrases fit, at least 3 are wanted
    """
    if not isinstance(raw, list) or len(raw) > 2 * MAX_ASKS:
        raise ValueError(f"{repr(raw)[:40]} is no list of {MIN_ASKS} to {MAX_ASKS} phrases")
    fit = [phrase for phrase in raw if not _fault(phrase, title)]
    if not drop and len(fit) < len(raw):
        wrong = next(phrase for phrase in raw if _fault(phrase, title))
        raise ValueError(f"{repr(wrong)[:40]} {_fault(wrong, title)}")
    phrases = tuple(dict.fromkeys(" ".join(phrase.split()) for phrase in fit))
    if len(phrases) < MIN_ASKS:
        raise ValueError(f"{len(phrases)} phrases fit, at least {MIN_ASKS} are wanted")
    return phrases[:MAX_ASKS]


def _fault(phrase: Any, title: str) -> str:
    """What is wrong with a phrase; empty where it fits."""
    if not isinstance(phrase, str) or len(phrase) > MAX_ASK_CHARACTERS or not _PLAIN.fullmatch(phrase):
        return "is no plain phrase"
    words = re.findall(r"[^\W_]+", phrase.casefold())
    if not MIN_WORDS <= len(phrase.split()) <= MAX_WORDS:
        return f"does not have {MIN_WORDS} to {MAX_WORDS} words"
    own = re.findall(r"[^\W_]+", split_year(title)[0].casefold())
    named = own and any(words[at : at + len(own)] == own for at in range(len(words) - len(own) + 1))
    return "names the title" if named else ""
