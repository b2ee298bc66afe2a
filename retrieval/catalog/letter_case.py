"""Names written small in tags, as the catalogue's own sentences write them: "santa claus" as "Santa Claus"."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind

MAX_KEPT = 10_000
"""Phrases whose form is kept ready."""
_START = re.compile(r"(?:^|[.!?:]\s+)[\"“'‘(]*$")


class LetterCase:
    """Looks phrases up in the catalogue's sentences. Safe to share between threads."""

    def __init__(self, catalog: Catalog) -> None:
        names = list(catalog.schema.of_kind(Kind.TEXT))
        self._text = "\n".join(str(item.attributes.get(name, "")) for item in catalog for name in names)
        self._folded = self._text.lower()
        self.restored = lru_cache(maxsize=MAX_KEPT)(self._restored)

    def _restored(self, phrase: str) -> str:
        """A phrase in small letters with the capitals that it mostly has within sentences."""
        if not phrase.islower() or len(self._folded) != len(self._text):
            return phrase
        forms = Counter[str]()
        if phrase not in self._folded:  # much faster than the pattern, and true of most
            return phrase
        for match in re.finditer(rf"\b{re.escape(phrase)}\b", self._folded):
            if not _START.search(self._text[max(0, match.start() - 4) : match.start()]):
                forms[self._text[slice(*match.span())]] += 1
        return forms.most_common(1)[0][0] if forms else phrase
