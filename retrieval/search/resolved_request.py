"""A search made definite: titles as rows, the condition parsed, texts cleaned, everything checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.filters.constraints import check
from tastemaker.retrieval.filters.where_parser import parse_where
from tastemaker.retrieval.search.query_text import clean
from tastemaker.retrieval.search.request import Search
from tastemaker.retrieval.titles.item_lookup import find_item
from tastemaker.retrieval.titles.resolver import TitleResolver


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What :class:`tastemaker.retrieval.search.request.Search` means in one catalogue.

    Attributes:
        text: cleaned, possibly empty.
        like, unlike, avoid_items: rows of the catalogue.
        avoid_texts: cleaned, none empty.
        conditions: checked; all must hold.
        notes: what the person should know.
    """

    text: str
    like: tuple[int, ...]
    unlike: tuple[int, ...]
    avoid_items: tuple[int, ...]
    avoid_texts: tuple[str, ...]
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...]


def read_search(asked: Search, catalog: Catalog, resolver: Callable[[], TitleResolver]) -> SearchQuery:
    """Resolve and check a search.

    Raises:
        QueryError: nothing asked for, ``k`` below 1, ``diversity`` outside 0 to 1, a bad condition or
            cap, or a title that is not in the catalogue or could be several.
    """
    _check_numbers(asked, catalog)
    text, note = clean(asked.text)
    if not any((text, asked.like, asked.unlike, asked.avoid, asked.where, asked.preferences)):
        raise QueryError(
            "the search is empty; write what the item should be about, or give like, unlike, avoid or where"
        )

    def rows(names: Iterable[str]) -> tuple[int, ...]:
        return tuple(catalog.row(find_item(name, catalog, resolver())) for name in names)

    items, texts = _items_and_texts(asked.avoid, catalog)
    named = [f"staying away from what is like {catalog.at(row).title}" for row in items]
    notes = tuple(said for said in (note, *named) if said)
    return SearchQuery(
        text, rows(asked.like), rows(asked.unlike), items, texts, _conditions(asked, catalog), notes
    )


def _check_numbers(asked: Search, catalog: Catalog) -> None:
    if asked.k < 1:
        raise QueryError(f"k is {asked.k}; ask for at least one item")
    if not (math.isfinite(asked.diversity) and 0 <= asked.diversity <= 1):
        raise QueryError(f"diversity is {asked.diversity}; give a number from 0 to 1")
    for name, most in asked.caps.items():
        catalog.schema[name]  # raises, naming the nearest
        if most < 1:
            raise QueryError(f"the cap on {name!r} is {most}; let at least one item have a value")


def _conditions(asked: Search, catalog: Catalog) -> tuple[Condition, ...]:
    if asked.where is None:
        return ()
    if isinstance(asked.where, str):
        return (parse_where(asked.where, catalog.schema),)
    return (check(asked.where, catalog.schema),)


def _items_and_texts(avoid: Iterable[str], catalog: Catalog) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """What is to be avoided: rows for exact titles, case aside, cleaned texts for all else."""
    texts = [text for text, _ in map(clean, avoid) if text]
    titles = {text.casefold() for text in texts}
    if not titles:
        return (), ()
    rows = {item.title.casefold(): row for row, item in enumerate(catalog) if item.title.casefold() in titles}
    kept = tuple(text for text in texts if text.casefold() not in rows)
    return tuple(rows.values()), kept
