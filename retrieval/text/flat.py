"""Text without case and accents that keeps its length, so that places in it are places in the original."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LETTERS = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ı": "i",
    "ß": "s",
    "’": "'",
    "‘": "'",
    "`": "'",
    "´": "'",
    "ʼ": "'",
}


def flat(text: str) -> str:
    """The text without case and accents, letter for letter, so that places in it are places in the text.

    >>> flat("Amélie’S İdea")
    "amelie's idea"
    """
    if text.isascii():
        return text.lower()
    return "".join(map(_flat_letter, text))


@lru_cache(4096)
def _flat_letter(letter: str) -> str:
    if letter in _LETTERS:
        return _LETTERS[letter]
    if "\uac00" <= letter <= "\ud7a3":  # taken apart, a syllable of Korean would be its first sound alone
        return letter
    small = unicodedata.normalize("NFKD", letter.casefold())[:1] or letter
    return _LETTERS.get(small, small)
