"""Names written small in tags, as the catalogue's own sentences write them: "santa claus" as "Santa Claus"."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property, lru_cache

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.text.common_words import is_everyday

MIN_TIMES = 3
"""How often a word of any talk must be written large, and never small, to be a name."""
MAX_KEPT = 10_000
"""Phrases whose form is kept ready."""
_WORD = re.compile(r"[^\W_]+")
_START = re.compile(r"(?:^|[.!?:]\s+)[\"“'‘(]*$")


class LetterCase:
    """Looks phrases up in the catalogue's sentences. Safe to share between threads.

    >>> from tastemaker.retrieval.catalog.catalog import Item
    >>> from tastemaker.retrieval.catalog.schema import Attribute, Schema
    >>> item = Item("1", "One", {"plot": "A clerk in New York turns into Santa Claus."})
    >>> case = LetterCase(Catalog([item], Schema(attributes=(Attribute(name="plot", kind=Kind.TEXT),))))
    >>> case.restored("santa claus"), case.restored("clerk"), case.restored("reindeer")
    ('Santa Claus', 'clerk', 'reindeer')
    >>> case.restored("new york nights"), case.restored("1990s new york")
    ('New York nights', '1990s New York')
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
        if not _WORD.match(phrase) or not phrase.islower():
            return phrase
        return self._as_written(phrase) or self._names.get(phrase) or self._by_words(phrase)

    def _as_written(self, phrase: str) -> str:
        """The commonest form of a phrase within sentences; "" where it stands in none."""
        first = _WORD.match(phrase)
        forms = Counter[str]()
        for place in self._places.get(first[0], ()) if first else ():
            form = self._text[place : place + len(phrase)]
            behind = self._text[place + len(phrase) : place + len(phrase) + 1]
            if form.lower() == phrase and not behind.isalnum():
                forms[form] += 1
        return forms.most_common(1)[0][0] if forms else ""

    def _by_words(self, phrase: str) -> str:
        """Names within a phrase, then each word, with the capitals of the sentences: "New York nights", "NASA"."""
        parts = phrase.split(" ")
        for size in range(len(parts) - 1, 1, -1):
            for start in range(len(parts) - size + 1):
                own = " ".join(parts[start : start + size])
                form = self._names.get(own) or self._as_written(own)
                if form and form.lower() == own and form != own:
                    before, behind = " ".join(parts[:start]), " ".join(parts[start + size :])
                    return " ".join(filter(None, (self._by_words(before), form, self._by_words(behind))))
        return _WORD.sub(lambda match: self._only_form(match[0]), phrase)

    def _only_form(self, word: str) -> str:
        """A word that a sentence once happens to write large, as a title or an office, is none: "justice"."""
        forms = Counter(self._text[place : place + len(word)] for place in self._places.get(word, ()))
        form, times = forms.most_common(1)[0] if forms else (word, 0)
        if len(forms) > 1 or form.islower():
            return word
        often = times >= MIN_TIMES or (times > 1 and not is_everyday(word))
        is_name = often or form in self._values or form.isupper()
        return form if is_name else word

    @cached_property
    def _names(self) -> dict[str, str]:
        """Values of several words that are names, by their form in small letters: "Stephen King"."""
        return {value.lower(): value for value in self._values if " " in value and value.istitle()}
