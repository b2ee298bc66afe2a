"""Words that people use in every chat: a title made of these alone is rarely meant as one.

``data/everyday-words.txt`` holds the words most used in the messages of ReDial's even validation
dialogues (Li et al., NeurIPS 2018, CC BY 4.0) outside of titles. It comes from
``python -m tastemaker.evals.studies.titles.title_study --redial R --fit``.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

SOURCE = "data/everyday-words.txt"


def is_everyday(word: str) -> bool:
    """Whether a word is among the most used, in any case; a plural counts as its singular.

    >>> is_everyday("Awesome"), is_everyday("Braveheart")
    (True, False)
    """
    plain = word.casefold().replace("’", "'")
    return plain in _everyday() or plain.removesuffix("s") in _everyday()


@cache
def _everyday() -> frozenset[str]:
    listed = (files("tastemaker.retrieval") / SOURCE).read_text(encoding="utf-8")
    return frozenset(listed.split())
