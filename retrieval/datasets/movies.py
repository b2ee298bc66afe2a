"""Films to the present, with people, overviews and poster addresses, and a log: MSRD joined with ml-latest-small.

The catalogue is Metarank's Movie Search Ranking Dataset (CC BY-SA 4.0; films and texts are MovieLens' and TMDB's,
posters are links to TMDB). The log is MovieLens' (GroupLens). Both number films by TMDB's ids, the log by its links.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema, Value
from tastemaker.retrieval.errors import DataError

NAME = "movies"
ATTRIBUTION = (
    "Films: Metarank's MSRD (github.com/metarank/msrd), CC BY-SA 4.0; texts and posters are TMDB's, ratings MovieLens'"
    " (GroupLens, F. M. Harper and J. A. Konstan, 2015)"
)
ITEMS = "msrd/items.jsonl"
RATINGS, LINKS = "ml-latest-small/ratings.csv", "ml-latest-small/links.csv"
SCHEMA = Schema(
    attributes=(
        Attribute(name="year", kind=Kind.NUMBER),
        Attribute(name="genres", kind=Kind.TAGS),
        Attribute(name="director", kind=Kind.TAGS),
        Attribute(name="cast", kind=Kind.TAGS),
        Attribute(name="themes", kind=Kind.TAGS),
        Attribute(name="overview", kind=Kind.TEXT),
        Attribute(name="rating", kind=Kind.NUMBER),
        Attribute(name="poster", kind=Kind.CATEGORY),
    )
)
FIELDS = {"cast": "actors", "themes": "tags"}
"""Attributes that the file calls otherwise."""


def read_movies(folder: Path) -> tuple[Catalog, Interactions]:
    """The catalogue and the log.

    Args:
        folder: with ``msrd/items.jsonl`` and ``ml-latest-small/`` (ratings.csv, links.csv).

    Raises:
        DataError: a file is missing or not in its form.
    """
    for name in (ITEMS, RATINGS, LINKS):
        if not (folder / name).is_file():
            raise DataError(f"{name} is missing; put MSRD's and ml-latest-small's files there", folder)
    catalog = Catalog(_items(folder / ITEMS), SCHEMA)
    return catalog, _log(folder, catalog)


def _items(file: Path) -> Iterator[Item]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                film = json.loads(line)
                yield Item(str(film["id"]), f"{film['title']} ({film['year']})", _attributes(film))
            except (ValueError, KeyError, TypeError) as error:
                raise DataError(
                    f"not a film of MSRD ({error!r}); fetch the file again", file, number
                ) from None


def _attributes(film: dict[str, Any]) -> dict[str, Value]:
    """What is known; several films of one title are told apart by the year in it."""
    known: dict[str, Value] = {}
    for attribute in SCHEMA.attributes:
        value = film.get(FIELDS.get(attribute.name, attribute.name))
        if value in (None, "", []):
            continue
        if attribute.kind is Kind.TAGS:
            known[attribute.name] = tuple(dict.fromkeys(value if isinstance(value, list) else [str(value)]))
        else:
            known[attribute.name] = value
    return known


def _log(folder: Path, catalog: Catalog) -> Interactions:
    """Ratings of films that the catalogue has."""
    links = {row["movieId"]: row["tmdbId"] for row in _rows(folder / LINKS, ("movieId", "tmdbId"))}
    users, rows, times, ratings = [], [], [], []
    for row in _rows(folder / RATINGS, ("userId", "movieId", "rating", "timestamp")):
        film = links.get(row["movieId"], "")
        if film in catalog:
            users.append(row["userId"])
            rows.append(catalog.row(film))
            times.append(float(row["timestamp"]))
            ratings.append(float(row["rating"]))
    if not users:
        raise DataError("no rating is of a film of the catalogue; are both files whole?", folder / RATINGS)
    return Interactions.from_columns(users, rows, times, ratings)


def _rows(file: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if not set(columns) <= set(reader.fieldnames or ()):
            raise DataError(f"columns {', '.join(columns)} are needed", file, 1)
        yield from reader
