"""The little words of seven languages: what tells the languages apart, denies, and joins.

The words are in ``data/function-words.toml``, written by hand for this project.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

SOURCE = "data/function-words.toml"


@dataclass(frozen=True)
class FunctionWords:
    """The little words of one language, folded; a phrase is a tuple of words.

    Attributes:
        function: articles, pronouns, prepositions, auxiliaries.
        passing: verbs of asking, politeness and judgements.
        deny: turn down what follows in the clause.
        less: turn down the one word behind them.
        contrast: begin what is wanted instead.
        with_: end a denial.
        for_: say for whom it is.
        own: my, our.
        either: join what is denied over a comma.
    """

    function: frozenset[str]
    passing: frozenset[str]
    deny: frozenset[tuple[str, ...]]
    less: frozenset[str]
    contrast: frozenset[tuple[str, ...]]
    with_: frozenset[str]
    for_: frozenset[str]
    own: frozenset[str]
    either: frozenset[str]


@cache
def function_words() -> dict[str, FunctionWords]:
    """The words by language: "en", "de", "fr", "es", "it", "pt", "nl"."""
    text = (files("tastemaker.retrieval") / SOURCE).read_text(encoding="utf-8")
    return {language: _of(table) for language, table in tomllib.loads(text).items()}


def _of(table: dict[str, str]) -> FunctionWords:
    def words(kind: str) -> frozenset[str]:
        return frozenset(table.get(kind, "").split())

    def phrases(kind: str) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(phrase.split("-")) for phrase in words(kind))

    return FunctionWords(
        function=words("function"),
        passing=words("passing"),
        deny=phrases("deny"),
        less=words("less"),
        contrast=phrases("contrast"),
        with_=words("with"),
        for_=words("for"),
        own=words("own"),
        either=words("either"),
    )
