"""A film called by a telling word of its title: "do you have Shawshank?"."""

from __future__ import annotations

from collections import defaultdict

from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.text.common_words import is_everyday


class PartTitles:
    """Looks up words that stand in the title of one item alone."""

    def __init__(self, catalog: Catalog) -> None:
        self._titles = tuple(item.title for item in catalog)
        self._rows = defaultdict[str, set[int]](set)
        for row, title in enumerate(self._titles):
            for word in words(title):
                self._rows[word.norm].add(row)

    def title(self, name: str) -> str | None:
        """The only title with all words of a name, where one of them is not an everyday word; else None."""
        norms = [word.norm for word in words(name) if word.norm not in STOPWORDS]
        if not norms or all(is_everyday(norm) or norm.isdecimal() for norm in norms):
            return None
        rows = set.intersection(*(self._rows.get(norm, set()) for norm in norms))
        return self._titles[rows.pop()] if len(rows) == 1 else None
