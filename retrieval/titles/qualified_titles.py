"""A title with a value that tells it from others of the same title: "Hello by Otis Gray", "Nurse (Hamburg)"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.text.normalise import fold

_FORMS = (
    re.compile(r"^(?P<title>.+?)\s+(?:by|from|at|in|of|with)\s+(?P<value>[^()]+)$", re.IGNORECASE),
    re.compile(r"^(?P<title>.+?)\s*\((?P<value>[^()]+)\)$"),
    re.compile(r"^(?P<title>.+?)\s*(?:,|\s[-–—])\s*(?P<value>[^()]+)$"),
)


def titles_with_values(mention: str) -> Iterator[tuple[str, str]]:
    """The ways to take a mention as a title and a value.

    >>> list(titles_with_values("Hello by Otis Gray"))
    [('Hello', 'Otis Gray')]
    """
    for form in _FORMS:
        if match := form.match(mention):
            yield match["title"], match["value"]


def by_value(found: Mapping[int, float], value: str, catalog: Catalog) -> dict[int, float]:
    """Of rows found by a title those that have all the values named, where not all of them do."""
    if len(found) < 2:
        return {}
    parts = [fold(part) for part in re.split(r"\s*,\s*", value) if part.strip()]
    fits = {
        row: score
        for row, score in found.items()
        if parts and all(_has(catalog.at(row), part) for part in parts)
    }
    return fits if len(fits) < len(found) else {}


def _has(item: Item, value: str) -> bool:
    held = {
        fold(str(one))
        for known in item.attributes.values()
        for one in (as_tags(known) if isinstance(known, str | tuple) else [_plain(known)])
    }
    return value in held


def _plain(value: object) -> str:
    return (
        str(value.year)
        if isinstance(value, date)
        else str(int(value))
        if isinstance(value, float) and value.is_integer()
        else str(value)
    )
