"""Two to four items beside each other: one row a field, the rows first in which they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.catalog.value_words import attribute_in_words, provenance_mark, value_in_words
from tastemaker.retrieval.errors import QueryError

LEAST, MOST = 2, 4
MAX_VALUES = 6
NOT_KNOWN = "–"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A table: ``titles`` head the columns, each row is a field and its value for each item."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def compare_items(catalog: Catalog, ids: Sequence[str], hidden: frozenset[str] = frozenset()) -> Comparison:
    """The fields that any of the items has, without ``hidden`` ones, those that tell them apart first.

    Raises:
        QueryError: fewer than two or more than four items, or an unknown id.
    """
    chosen = list(dict.fromkeys(ids))
    if not LEAST <= len(chosen) <= MOST:
        raise QueryError(f"{len(chosen)} item(s) to compare; choose {LEAST} to {MOST} different ones")
    items = [catalog[item_id] for item_id in chosen]
    rows = [
        (_heading(catalog, name), tuple(_said(catalog, name, item) for item in items))
        for name in catalog.schema.names()
        if name not in hidden and any(item.attributes.get(name) is not None for item in items)
    ]
    differ = [row for row in rows if len(set(row[1])) > 1]
    alike = [row for row in rows if len(set(row[1])) == 1]
    return Comparison(tuple(item.title for item in items), (*differ, *alike))


def _heading(catalog: Catalog, name: str) -> str:
    mark = provenance_mark(catalog.schema[name])
    return attribute_in_words(name) + (f" ({mark})" if mark else "")


def _said(catalog: Catalog, name: str, item: Item) -> str:
    value = item.attributes.get(name)
    if value is None:
        return NOT_KNOWN
    if catalog.schema[name].kind is Kind.TAGS and isinstance(value, tuple | list):
        more = len(value) - MAX_VALUES
        return ", ".join(map(str, value[:MAX_VALUES])) + (f" and {more} more" if more > 0 else "")
    return value_in_words(catalog.schema[name], value)
