"""Reading MovieLens in each form in which it is handed around.

======================== ============================ =========
files                    form                         encoding
======================== ============================ =========
u.data, u.item           tabs; bars and 19 flags      latin-1
ml-100k.inter, .item     tabs, typed header (RecBole) UTF-8
ratings.dat, movies.dat  ``::``                       latin-1
ratings.csv, movies.csv  CSV with header              UTF-8
======================== ============================ =========
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.errors import DataError, SourceError
from tastemaker.retrieval.text.film_titles import split_year

FLAGS = (
    *("unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama"),
    *(
        "Fantasy",
        "Film-Noir",
        "Horror",
        "Musical",
        "Mystery",
        "Romance",
        "Sci-Fi",
        "Thriller",
        "War",
        "Western",
    ),
)
"""The genres behind the 19 flags of ``u.item``, in its order."""

NO_GENRE = frozenset({"", "unknown", "(no genres listed)"})


@dataclass(frozen=True, slots=True)
class Film:
    """A film as MovieLens files it: ``title`` is "Usual Suspects, The", without the year."""

    id: str
    title: str
    year: int | None
    genres: tuple[str, ...]


@dataclass(frozen=True)
class MovieLens:
    """n ratings of films, in no particular order.

    Attributes:
        films: every film of the set, in the file's order.
        user: int32[n], MovieLens' own user numbers.
        film: int32[n], MovieLens' own film numbers.
        rating: float32[n], in stars.
        timestamp: int64[n], seconds since the epoch.
    """

    films: tuple[Film, ...]
    user: npt.NDArray[np.int32]
    film: npt.NDArray[np.int32]
    rating: npt.NDArray[np.float32]
    timestamp: npt.NDArray[np.int64]

    def ratings_sha256(self) -> str:
        """sha256 over "user tab film tab rating tab timestamp" lines, sorted by user and film as text.

        It does not depend on which of the forms the ratings came in.
        """
        columns = (self.user.tolist(), self.film.tolist(), self.rating.tolist(), self.timestamp.tolist())
        rows = sorted((str(u), str(f), f"{r:g}", str(t)) for u, f, r, t in zip(*columns, strict=True))
        return hashlib.sha256("".join("\t".join(row) + "\n" for row in rows).encode()).hexdigest()


def read_movielens(path: Path) -> MovieLens:
    """Read a folder or zip (a wheel is one) that holds one of the forms above, at any depth.

    Raises:
        SourceError: nothing there, no readable zip, or none of the forms in it.
        DataError: a line is malformed; says which.
    """
    files = _files(path)
    for ratings_name, films_name, read_ratings, read_films in _FORMS:
        if ratings_name in files and films_name in files:
            ratings = read_ratings(ratings_name, files[ratings_name]())
            return MovieLens(tuple(read_films(films_name, files[films_name]())), *ratings)
    wanted = ", ".join(f"{ratings} with {films}" for ratings, films, _, _ in _FORMS)
    raise SourceError(f"no MovieLens files in {path}; looked for {wanted}")


_Columns = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.float32], npt.NDArray[np.int64]]


def _files(path: Path) -> dict[str, Callable[[], bytes]]:
    """Readers of the files in a folder or zip, by bare name."""
    if path.is_dir():
        return {file.name: file.read_bytes for file in path.rglob("*") if file.is_file()}
    if not path.exists():
        raise SourceError(f"{path} does not exist")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
    except zipfile.BadZipFile:
        raise SourceError(f"{path} is neither a folder nor a zip") from None
    return {PurePosixPath(member).name: _member_reader(path, member) for member in members}


def _member_reader(path: Path, member: str) -> Callable[[], bytes]:
    def read() -> bytes:
        with zipfile.ZipFile(path) as archive:
            return archive.read(member)

    return read


def _lines(name: str, raw: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    """Lines that are not empty, with their numbers; not ``splitlines``, which also splits at \\x85."""
    for number, line in enumerate(io.StringIO(_text(name, raw, encoding), newline=None), 1):
        if line.strip():
            yield number, line.rstrip("\n")


def _text(name: str, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError("not UTF-8; save it as UTF-8", name, line) from error


def _ratings(name: str, rows: Iterable[tuple[int, list[str]]]) -> _Columns:
    user, film, rating, timestamp = [], [], [], []
    for number, row in rows:
        try:
            user.append(int(row[0]))
            film.append(int(row[1]))
            rating.append(float(row[2]))
            timestamp.append(int(float(row[3])))
        except (ValueError, IndexError) as error:
            raise DataError(f"{row!r} is no user, film, rating and time", name, number) from error
    return (
        np.array(user, np.int32),
        np.array(film, np.int32),
        np.array(rating, np.float32),
        np.array(timestamp, np.int64),
    )


def _ratings_split(encoding: str, mark: str, header_lines: int) -> Callable[[str, bytes], _Columns]:
    def read(name: str, raw: bytes) -> _Columns:
        lines = islice(_lines(name, raw, encoding), header_lines, None)
        return _ratings(name, ((number, line.split(mark)) for number, line in lines))

    return read


def _film(name: str, line: int, film_id: str, filed: str, genres: Sequence[str]) -> Film:
    if not film_id.isdecimal():
        raise DataError(f"film number {film_id!r} is no number", name, line)
    title, year = split_year(filed)
    return Film(film_id, title, year, tuple(genre for genre in genres if genre not in NO_GENRE))


def _films_flags(name: str, raw: bytes) -> Iterator[Film]:
    for line, text in _lines(name, raw, "latin-1"):
        cells = text.split("|")
        if len(cells) < 5 + len(FLAGS):
            raise DataError(f"{len(cells)} fields, should be {5 + len(FLAGS)}", name, line)
        genres = [genre for genre, flag in zip(FLAGS, cells[-len(FLAGS) :], strict=True) if flag == "1"]
        yield _film(name, line, cells[0], cells[1], genres)


def _films_recbole(name: str, raw: bytes) -> Iterator[Film]:
    for line, text in islice(_lines(name, raw, "utf-8"), 1, None):
        cells = text.split("\t")
        if len(cells) != 4:
            raise DataError(f"{len(cells)} fields, should be 4", name, line)
        film_id, title, year, genres = cells
        title = title.replace("unkonwn", "unknown")
        yield _film(
            name, line, film_id, f"{title} ({year})" if year.isdecimal() else title, genres.split(" ")
        )


def _films_dat(name: str, raw: bytes) -> Iterator[Film]:
    for line, text in _lines(name, raw, "latin-1"):
        cells = text.split("::")
        if len(cells) != 3:
            raise DataError(f"{len(cells)} fields, should be 3", name, line)
        yield _film(name, line, cells[0], cells[1], cells[2].split("|"))


def _films_csv(name: str, raw: bytes) -> Iterator[Film]:
    rows = csv.reader(io.StringIO(_text(name, raw, "utf-8-sig"), newline=""))
    next(rows, None)
    for cells in rows:
        if len(cells) != 3:
            raise DataError(f"{len(cells)} fields, should be 3", name, rows.line_num)
        yield _film(name, rows.line_num, cells[0], cells[1], cells[2].split("|"))


_FORMS = (
    ("u.data", "u.item", _ratings_split("latin-1", "\t", 0), _films_flags),
    ("ml-100k.inter", "ml-100k.item", _ratings_split("utf-8", "\t", 1), _films_recbole),
    ("ratings.dat", "movies.dat", _ratings_split("latin-1", "::", 0), _films_dat),
    ("ratings.csv", "movies.csv", _ratings_split("utf-8-sig", ",", 1), _films_csv),
)
