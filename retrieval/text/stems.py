"""A word's stem: what "robbing", "robbed" and "robs" have in common, roughly."""

from __future__ import annotations

_ENDINGS = ("ingly", "edly", "ing", "ed", "ly", "es")
MIN_STEM = 4
"""Letters that must be left, so that "king" and "bed" stay whole."""


def stem(token: str) -> str:
    """An English token without its commonest endings; other words stay nearly as they are.

    Much lighter than Porter's (1980): only verb forms, adverbs and a silent e.

    >>> [stem(w) for w in ("kidnapping", "kidnapped", "escaped", "escape", "robs", "king")]
    ['kidnap', 'kidnap', 'escap', 'escap', 'robs', 'king']
    """
    if not token.isascii():
        return token
    for ending in _ENDINGS:
        if token.endswith(ending) and len(token) - len(ending) >= MIN_STEM:
            token = token[: -len(ending)]
            if token[-1] == token[-2] and token[-1] not in "lsz":
                token = token[:-1]
            break
    return token[:-1] if token.endswith("e") and len(token) > MIN_STEM else token
