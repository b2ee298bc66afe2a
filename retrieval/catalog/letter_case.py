"""Names written small in tags, as the catalogue's own sentences write them: "santa claus" as "Santa Claus"."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property, lru_cache

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind

MAX_KEPT = 10_000
"""Phrases whose form is kept ready."""
_WORD = re.compile(r"[^\W_]+")
_START = re.compile(r"(?:^|[.!?:]\s+)[\"“'‘(]*$")


class LetterCase:
    """Looks phrases up in the catalogue's sentences. Safe to share between threads.

    >>> from tastemaker.retrieval.catalog.catalog import Item
    >>> from tastemaker.retrieval.catalog.schema import Attribute, Schema
    >>> item = Item("1", "One", {"plot": "A clerk turns into Santa Claus."})
    >>> case = LetterCase(Catalog([item], Schema(attributes=(Attribute(name="plot", kind=Kind.TEXT),))))
    >>> case.restored("santa claus"), case.restored("clerk"), case.restored("reindeer")
    ('Santa Claus', 'clerk', 'reindeer')
    """

    def __init__(self, catalog: Catalog) -> None:
        names = list(catalog.schema.of_kind(Kind.TEXT))
        self._text = "\n".join(str(item.attributes.get(name, "")) for item in catalog for name in names)
        labels = catalog.schema.of_kind(Kind.TAGS, Kind.CATEGORY)
        self._values = {value for name in labels for value in catalog.values(name)}
        self.restored = lru_cache(maxsize=MAX_KEPT)(self._restored)

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Where each word begins, within sentences."""
        places: dict[str, list[int]] = {}
        for match in _WORD.finditer(self._text):
            if not _START.search(self._text[max(0, match.start() - 4) : match.start()]):
                places.setdefault(match[0].lower(), []).append(match.start())
        return places

    def _restored(self, phrase: str) -> str:
        """A phrase in small letters with the capitals that it mostly has within sentences."""
        first = _WORD.match(phrase)
        if not first or not phrase.islower():
            return phrase
        forms = Counter[str]()
        for place in self._places.get(first[0], ()):
            form = self._text[place : place + len(phrase)]
            if (
                form.lower() == phrase
                and not self._text[place + len(phrase) : place + len(phrase) + 1].isalnum()
            ):
                forms[form] += 1
        return forms.most_common(1)[0][0] if forms else self._names.get(phrase) or self._by_words(phrase)

    def _by_words(self, phrase: str) -> str:
        """Each word that is a value with a capital, where sentences never have it without: "Chinese history"."""
        return _WORD.sub(lambda match: self._only_form(match[0]), phrase)

    def _only_form(self, word: str) -> str:
        forms = {self._text[place : place + len(word)] for place in self._places.get(word, ())}
        return (
            word.capitalize() if word.capitalize() in self._values and forms <= {word.capitalize()} else word
        )

    @cached_property
    def _names(self) -> dict[str, str]:
        """Values of several words that are names, by their form in small letters: "Stephen King"."""
        return {value.lower(): value for value in self._values if " " in value and value.istitle()}
