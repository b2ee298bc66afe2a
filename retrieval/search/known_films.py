"""Films whose facets ship with the project, found again in any catalogue by title and year.

The file holds no titles, only a hash of each with its year, and twenty qualities read off the facets
(``python -m tastemaker.evals.studies.open_words.quality_words`` writes it).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from itertools import islice

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.text.normalise import split_year, title_forms
from tastemaker.retrieval.titles.item_years import item_year

LAST_YEAR = 1999
"""Films that came out later are not among them."""
MAX_LOOKED = 50_000
"""Titles of their years that are looked up at most, at about 60 microseconds each."""
FILE = "film-qualities.npz"
YEARS_APART = (0, 1, -1)
"""Sources differ by a year in when a film is from; the same year counts first."""

Rows = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class KnownFilms:
    """Qualities of films.

    Attributes:
        names: of the qualities.
        places: film key -> row of ``values``.
        values: standardised, float32[n_films, n_qualities]; NaN where not known.
    """

    names: tuple[str, ...]
    places: dict[int, int]
    values: Matrix

    def found_in(self, catalog: Catalog) -> tuple[Rows, Rows]:
        """Rows of the catalogue that are known films, and the films' own rows, int64[m] both."""
        pairs: list[tuple[int, int]] = []
        for row, year in islice(_of_their_years(catalog), MAX_LOOKED):
            bare = title_forms(catalog.at(row).title).bare
            keys = (film_key(bare, year + apart) for apart in YEARS_APART)
            place = next((self.places[key] for key in keys if key in self.places), None)
            if place is not None:
                pairs.append((row, place))
        found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return found[:, 0], found[:, 1]


def _of_their_years(catalog: Catalog) -> Iterator[tuple[int, int]]:
    for row, item in enumerate(catalog):
        year = split_year(item.title)[1] or item_year(item, catalog)
        if year is not None and year <= LAST_YEAR:
            yield row, year


def film_key(bare_title: str, year: int) -> int:
    """What a film is found again by: 63 bits of a hash of its title, normalised and without article, and year.

    >>> film_key("heat", 1995) == film_key("heat", 1995) != film_key("heat", 1996)
    True
    """
    digest = blake2b(f"{bare_title} {year}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


@cache
def shipped_films() -> KnownFilms:
    """The films that ship with the project."""
    place = files("tastemaker.retrieval") / "data" / FILE
    with place.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        places = {key: row for row, key in enumerate(arrays["keys"].tolist())}
        return KnownFilms(tuple(arrays["names"].tolist()), places, arrays["values"].astype(np.float32))
