"""What a conversation can start from: example messages made of this catalogue, and a demo history."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.item_text import LABELS_AT_MOST
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.tools.tool_context import ToolContext
from tastemaker.ui.web.cards import in_words

MAX_EXAMPLES = 4
DEMO_ITEMS = 8
DEMO_LENGTHS = (20, 200)
"""A demo history is the end of the first user's whose length lies here: neither a visitor nor a robot."""

MADE_BY = frozenset({"director", "author", "artist", "writer", "brand", "maker", "designer", "composer"})


def demo_history(log: Interactions, catalog: Catalog) -> list[str]:
    """The last items of a real user, the oldest first; always the same user for the same log, none for an empty one."""
    lengths = np.diff(log.offsets)
    if not len(lengths):
        return []
    low, high = DEMO_LENGTHS
    usual = np.flatnonzero((lengths >= low) & (lengths <= high))
    user = int(usual[0]) if len(usual) else int(np.argmax(lengths))
    rows = log.item[log.offsets[user] : log.offsets[user + 1]].tolist()
    latest = list(dict.fromkeys(reversed(rows)))[:DEMO_ITEMS]
    return [catalog.at(row).id for row in reversed(latest)]


def example_messages(tool_context: ToolContext) -> list[str]:
    """A few messages that make sense for this catalogue, whatever it holds."""
    catalog = tool_context.catalog
    found = [*_like_something(tool_context), *_labels(catalog), *_names(catalog), *_amounts(catalog)]
    return found[:MAX_EXAMPLES] or ["Surprise me"]


def popular(tool_context: ToolContext, k: int) -> list[str]:
    """Ids of the items that most people took, the most first."""
    rows = np.argsort(-tool_context.popularity, kind="stable")[:k]
    return [tool_context.catalog.at(int(row)).id for row in rows]


def _like_something(tool_context: ToolContext) -> Iterator[str]:
    for item_id in popular(tool_context, 1):
        yield f"Something like {tool_context.catalog[item_id].title}"


def _labels(catalog: Catalog) -> Iterator[str]:
    """The commonest labels, one wanted and one not, and a decade where items have years."""
    for name in catalog.schema.of_kind(Kind.TAGS, Kind.CATEGORY):
        values = catalog.values(name)
        if 2 < len(values) <= LABELS_AT_MOST:
            decade = _decade(catalog)
            yield f"{values[2]}, but no {values[0].lower()}"
            if decade:
                yield f"{values[1]} from the {decade}s"
            return


def _decade(catalog: Catalog) -> int | None:
    """The decade that most items are from."""
    for name in catalog.schema.of_kind(Kind.NUMBER):
        if "year" in name.casefold():
            years = catalog.numbers(name)
            decades = (years[np.isfinite(years)] // 10).astype(np.int64)
            if len(decades) and decades.min() >= 0:
                return int(np.bincount(decades).argmax()) * 10
    return None


def _names(catalog: Catalog) -> Iterator[str]:
    """Somebody whom several items share: a director, an author, a brand."""
    for name in catalog.schema.of_kind(Kind.TAGS, Kind.CATEGORY):
        values = catalog.values(name)
        if len(values) > LABELS_AT_MOST and values[0].istitle() and " " in values[0]:
            yield f"Something {'by' if name.casefold() in MADE_BY else 'with'} {values[0]}"
            return


def _amounts(catalog: Catalog) -> Iterator[str]:
    for name in catalog.schema.of_kind(Kind.NUMBER):
        known = catalog.numbers(name)[np.isfinite(catalog.numbers(name))]
        if len(known) and "year" not in name.casefold():
            yield f"{in_words(name).capitalize()} under {float(np.median(known)):.3g}"
            return
