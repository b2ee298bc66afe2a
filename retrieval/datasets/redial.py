"""The films of ReDial as a catalogue, and MovieLens ratings of these films as a log.

Li et al., "Towards Deep Conversational Recommendations" (NeurIPS 2018), CC BY 4.0; genres, plots
and people as added by others (``id2info.json``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema, Value
from tastemaker.retrieval.datasets.movielens import MovieLens
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.text.film_titles import display_title, split_year
from tastemaker.retrieval.text.normalise import normalise

FILMS = "id2info.json"
SCHEMA = Schema(
    attributes=(
        Attribute(name="year", kind=Kind.NUMBER),
        Attribute(name="genres", kind=Kind.TAGS),
        Attribute(name="director", kind=Kind.TAGS),
        Attribute(name="cast", kind=Kind.TAGS),
        Attribute(name="plot", kind=Kind.TEXT),
    )
)
_FIELDS = {"genres": "genre", "director": "director", "cast": "star"}
LIKED = 3.5
"""Stars from which a rating counts as taken."""


def redial_films(folder: Path) -> Catalog:
    """The 6,583 films, ids as in ReDial's messages.

    Raises:
        DataError: the file is missing or malformed.
    """
    path = folder / FILMS
    if not path.is_file():
        raise DataError(f"no such file; name the folder that holds {FILMS}", path)
    try:
        films = json.loads(path.read_text(encoding="utf-8"))
        return Catalog((_film(number, told) for number, told in films.items()), SCHEMA)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"not ReDial's films: {error!r}", path) from None


def map_ratings(films: Catalog, sets: Sequence[MovieLens], liked: float = LIKED) -> Interactions:
    """Ratings of at least ``liked`` stars whose film is in the catalogue, by title and year (one year off allowed).

    A film with several spellings of its title is found by any; one without year only by a title
    that nothing else has. People of different sets are different people.

    Raises:
        DataError: no rating maps.
    """
    row_of = _rows_by_title(films)
    users, rows, times = list[str](), list[int](), list[float]()
    for number, data in enumerate(sets):
        mapped = {
            int(film.id): row
            for film in data.films
            if (row := _row(display_title(film.title, film.year), row_of)) is not None
        }
        keep = np.isin(data.film, list(mapped)) & (data.rating >= liked)
        order = np.flatnonzero(keep)[np.lexsort((data.timestamp[keep], data.user[keep]))]
        users += [f"{number}-{user}" for user in data.user[order].tolist()]
        rows += [mapped[film] for film in data.film[order].tolist()]
        times += data.timestamp[order].tolist()
    if not rows:
        raise DataError("none of the ratings is of a film in this catalogue")
    return Interactions.from_columns(users, rows, times)


def _film(number: str, told: Mapping[str, Any]) -> Item:
    title = " ".join(told["name"].split())
    known: dict[str, Value] = {}
    if year := split_year(title)[1]:
        known["year"] = year
    for name, field in _FIELDS.items():
        if values := tuple(
            dict.fromkeys(" ".join(value.split()) for value in told.get(field) or () if value.strip())
        ):
            known[name] = values
    if plot := (told.get("plot") or "").strip():
        known["plot"] = plot
    return Item(str(number), title, known)


def _rows_by_title(films: Catalog) -> dict[tuple[str, int | None], int]:
    found: dict[tuple[str, int | None], int] = {}
    for row, item in enumerate(films):
        title, year = split_year(item.title)
        found.setdefault((normalise(title), year), row)
    return found


def _row(title: str, row_of: Mapping[tuple[str, int | None], int]) -> int | None:
    return next((row_of[key] for key in _keys(title) if key in row_of), None)


def _keys(title: str) -> Iterator[tuple[str, int | None]]:
    bare, year = split_year(title)
    names = [bare, bare.split(" (")[0]]
    for name in dict.fromkeys(normalise(name) for name in names):
        yield name, year
        if year is not None:
            yield name, year - 1
            yield name, year + 1
        yield name, None
