"""A long text cut into sentences, what says nothing left out."""

from __future__ import annotations

import re

from tastemaker.retrieval.text.tokens import tokens

MAX_SENTENCES = 16
"""Sentences of a text that are looked at, from its beginning."""
MIN_WORDS = 4
"""A shorter sentence says too little by itself and joins the next."""

_ENDS = re.compile(r"(?<=[.!?…])\s+|\s*\n+\s*|\s*;\s+|\s+[-–—]\s+")


def sentences(text: str) -> list[str]:
    """The sentences of a text, short ones joined to the next, at most :data:`MAX_SENTENCES`.

    >>> sentences("A film I saw once. No. It has a man who lives in a tree and eats stars!")
    ['A film I saw once.', 'No. It has a man who lives in a tree and eats stars!']
    """
    found, begun = list[str](), ""
    for piece in _ENDS.split(text):
        begun = f"{begun} {piece}".strip()
        if len(tokens(begun)) >= MIN_WORDS:
            found.append(begun)
            begun = ""
    if begun and (not found or len(found) < MAX_SENTENCES):
        found.append(begun)
    return found[:MAX_SENTENCES]
