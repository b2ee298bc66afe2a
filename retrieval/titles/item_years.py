"""When an item is from."""

from __future__ import annotations

from datetime import date

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Kind


def item_year(item: Item, catalog: Catalog) -> int | None:
    """The year of an item's first date, or of its first attribute called a year, whichever comes first."""
    for name in catalog.schema.of_kind(Kind.NUMBER, Kind.DATE):
        value = item.attributes.get(name)
        if isinstance(value, date):
            return value.year
        if "year" in name.casefold() and isinstance(value, int | float):
            return int(value)
    return None
