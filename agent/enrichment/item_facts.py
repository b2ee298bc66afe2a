"""What a model is shown of an item, and what its answers may say they rest on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tastemaker import prompts
from tastemaker.retrieval.catalog.catalog import Item, plain
from tastemaker.retrieval.catalog.schema import Provenance, Schema

MAX_FIELD_CHARACTERS = 1200
"""Letters of one field that a model reads; a description says what it says early."""
MAX_ITEM_CHARACTERS = 4000
TITLE = "title"


@dataclass(frozen=True)
class ItemFacts:
    """An item as a model reads it.

    Attributes:
        id: the item's.
        text: its fields, one a line, as data between tags.
        fields: their names; the title is one.
        title: the item's.
    """

    id: str
    text: str
    fields: tuple[str, ...]
    title: str = ""

    @cached_property
    def digest(self) -> str:
        """Of the text."""
        return short_hash(self.text)


def short_hash(text: str) -> str:
    """Twelve letters of a text's sha256; two texts of one item that share them are out of the question."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def item_facts(item: Item, schema: Schema) -> ItemFacts:
    """The title and what the catalogue itself says of an item; nothing inferred or computed.

    >>> from tastemaker.retrieval.catalog.schema import Attribute, Kind
    >>> schema = Schema(attributes=(Attribute(name="genres", kind=Kind.TAGS),))
    >>> item_facts(Item("1", "Heat", {"genres": ("Crime", "Thriller")}), schema).text
    '<item>\\ntitle: Heat\\ngenres: Crime, Thriller\\n</item>'
    """
    lines = dict(_lines(item, catalogue_fields(schema)))
    text = "\n".join(f"{name}: {value}" for name, value in lines.items())
    return ItemFacts(item.id, prompts.fence("item", text, MAX_ITEM_CHARACTERS), tuple(lines), item.title)


def catalogue_fields(schema: Schema) -> list[str]:
    """Names of the attributes that came with the catalogue."""
    return [one.name for one in schema.attributes if one.provenance is Provenance.CATALOGUE]


def _lines(item: Item, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield TITLE, _short(item.title)
    for name in names:
        if name in item.attributes and name != TITLE:
            value = plain(item.attributes[name])
            yield name, _short(", ".join(value) if isinstance(value, list) else str(value))


def _short(text: str) -> str:
    return " ".join(text[:MAX_FIELD_CHARACTERS].split())
