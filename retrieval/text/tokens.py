"""The words of a text, brought to the form in which a query and an item meet."""

from __future__ import annotations

import re

from tastemaker.retrieval.text.normalise import fold

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
"""Scripts written without spaces: Thai, Lao, Khmer, kana, Chinese characters."""


def tokens(text: str) -> list[str]:
    """Words without case, accents and English plural endings; pairs of characters where a script has no spaces.

    >>> tokens("Les Comédies: 12 Angry Men"), tokens("七人の侍")
    (['les', 'comedy', '12', 'angry', 'men'], ['七人', '人の', 'の侍'])
    """
    return [piece for word in fold(text).split(" ") for piece in _pieces(word) if piece]


def singular(word: str) -> str:
    """An English word without its plural ending.

    >>> [singular(w) for w in ("comedies", "thrillers", "princess", "series")]
    ['comedy', 'thriller', 'princess', 'series']
    """
    if word.endswith("ies") and len(word) > 4 and word not in ("series", "movies", "species"):
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 and word != "series":
        return word[:-1].removesuffix("'")
    return word


def _pieces(word: str) -> list[str]:
    if word.isascii():
        return [singular(word)]
    pieces, end = [], 0
    for run in _UNSPACED.finditer(word):
        pieces += [word[end : run.start()], *_pairs(run[0])]
        end = run.end()
    return [*pieces, word[end:]] if end else [singular(word)]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
