"""From the titles that a log writes to the catalogue's items: the very title, or none.

Traps of the published files: double spaces before the year, question marks as ``%3F``, an item
that the catalogue lists twice, ids of another catalogue that happen to exist in this one.
"""

from __future__ import annotations

from urllib.parse import unquote

from tastemaker.evals.dialogue_case import OUTSIDE
from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.normalise import normalise, split_year
from tastemaker.retrieval.schema import Kind


class DialogueTitles:
    """The titles of one catalogue. Items with the very same title count as one: the first of them."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._by_title: dict[str, str] = {}
        self._first: dict[str, str] = {}
        labels = catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS)
        self._values = {value for name in labels for value in catalog.spellings(name)}
        forms: dict[tuple[str, int | None], set[str]] = {}
        for item in catalog:
            first = self._by_title.setdefault(cleaned(item.title), item.id)
            self._first[item.id] = first
            forms.setdefault(_form(item.title), set()).add(first)
        bare: dict[str, set[str]] = {}
        for (title, _), ids in forms.items():
            bare.setdefault(title, set()).update(ids)
        self._by_form = {form: next(iter(ids)) for form, ids in forms.items() if len(ids) == 1}
        self._by_bare = {title: next(iter(ids)) for title, ids in bare.items() if len(ids) == 1}

    def canonical(self, item_id: str) -> str:
        """The id that stands for an item and its namesakes; ids outside the catalogue stand for themselves."""
        return self._first.get(item_id, item_id)

    def is_value(self, name: str) -> bool:
        """Whether a name is a value of an attribute, such as the genre "Drama", whether or not a title too."""
        return cleaned(name) in self._values

    def named(self, title: str) -> str | None:
        """The item with this title: the same words and the same year, case and punctuation aside."""
        return self._by_title.get(cleaned(title)) or self._by_form.get(_form(cleaned(title)))

    def named_without_year(self, title: str) -> str | None:
        """The only item whose title has these words, whatever its year; None where several have."""
        return self._by_bare.get(_form(cleaned(title))[0])

    def item(self, item_id: str, title: str | None) -> str | None:
        """The item with an id *and* its title; else the item with the title.

        Ids of two catalogues can coincide, so that an id alone proves nothing unless no title is known.
        """
        if item_id in self.catalog:
            own = self.catalog[item_id].title
            if not title or _form(cleaned(own)) == _form(cleaned(title)):
                return self.canonical(item_id)
        return self.named(title) if title else None

    def gold(self, title: str) -> str:
        """The id of a gold item, or its title behind :data:`OUTSIDE`."""
        return self.named(title) or outside(title)


def cleaned(title: str) -> str:
    """One space between words, nothing percent-encoded, case aside.

    >>> cleaned("Why Him%3F  (2016)")
    'why him? (2016)'
    """
    return " ".join(unquote(title).split()).casefold()


def outside(title: str) -> str:
    """The id that stands for an item which the catalogue lacks."""
    return OUTSIDE + " ".join(unquote(title).split())


def _form(title: str) -> tuple[str, int | None]:
    bare, year = split_year(title)
    return normalise(bare), year
