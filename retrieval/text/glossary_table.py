"""The glossary as tables: from words and phrases of a language to English.

The words are in ``data/glossary.tsv``, written by hand for this project.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tastemaker.retrieval.text.foreign_words import words_of
from tastemaker.retrieval.text.light_stems import stem

SOURCE = "data/glossary.tsv"
NOTHING = "-"
"""The English of phrases that ask for nothing."""

SYNONYM = " / "
"""Between English words of which each would do."""

Key = tuple[str, ...]


@dataclass(frozen=True)
class GlossaryTable:
    """What words and phrases of one language mean; where two lines of the glossary hold a form, the first counts.

    Attributes:
        exact: by folded words.
        stems: by stems of words.
        longest: words of the longest phrase.
    """

    exact: Mapping[Key, str]
    stems: Mapping[Key, str]
    longest: int


@cache
def glossary_table(language: str) -> GlossaryTable:
    """The table of one language; empty for one that the glossary does not have."""
    exact: dict[Key, str] = {}
    stems: dict[Key, str] = {}
    for english, forms in _lines(language):
        for form in forms:
            key = tuple(word.norm for word in words_of(form))
            exact.setdefault(key, english)
            if english != NOTHING:
                stems.setdefault(tuple(stem(word, language) for word in key), english)
    return GlossaryTable(exact, stems, max(map(len, exact), default=0))


@cache
def english_words() -> frozenset[str]:
    """Every English word of the glossary, folded."""
    return frozenset(word.norm for english, _ in _lines("de") for word in words_of(english))


def single_words(language: str) -> Iterator[str]:
    """Words of a language that mean something by themselves, folded."""
    return (key[0] for key in glossary_table(language).exact if len(key) == 1)


@cache
def single_stems(language: str) -> frozenset[str]:
    """Stems of words of a language that mean something by themselves and are no English words."""
    return frozenset(stem(word, language) for word in single_words(language) if word not in english_words())


def _lines(language: str) -> Iterator[tuple[str, list[str]]]:
    text = (files("tastemaker.retrieval") / SOURCE).read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    heads, *rows = lines
    column = heads.index(language) if language in heads else None
    for cells in rows if column else ():
        yield cells[0], [form for form in cells[column or 0].split(", ") if form]
