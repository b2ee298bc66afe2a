"""Films of one file and ratings of another become one data set; equal titles stay apart."""

import json

import pytest

from tastemaker.retrieval.datasets.movies import ITEMS, LINKS, RATINGS, read_movies
from tastemaker.retrieval.errors import DataError

FILMS = [
    {
        "id": "11",
        "title": "Solaris",
        "year": 1972,
        "genres": ["Drama"],
        "director": "A. T.",
        "actors": ["B", "B"],
        "tags": [],
        "overview": "A planet.",
        "rating": 7.9,
        "poster": "https://pictures.example/11.jpg",
        "budget": None,
    },
    {
        "id": "12",
        "title": "Solaris",
        "year": 2002,
        "genres": [],
        "director": None,
        "actors": [],
        "tags": ["space"],
        "overview": None,
        "rating": None,
        "poster": None,
    },
]


@pytest.fixture
def folder(tmp_path):
    for name, text in (
        (ITEMS, "\n".join(map(json.dumps, FILMS))),
        (LINKS, "movieId,imdbId,tmdbId\n1,0,12\n2,0,11\n3,0,\n4,0,99\n"),
        (RATINGS, "userId,movieId,rating,timestamp\na,1,4.0,20\na,2,3.5,10\nb,3,1,5\nb,4,1,6\nb,2,5,7\n"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_films_and_ratings_are_joined_by_number(folder):
    catalog, log = read_movies(folder)
    assert [item.title for item in catalog] == ["Solaris (1972)", "Solaris (2002)"]
    first, second = catalog
    assert first.attributes["cast"] == ("B",)
    assert first.attributes["director"] == ("A. T.",)
    assert first.attributes["poster"] == "https://pictures.example/11.jpg"
    assert set(second.attributes) == {"year", "themes"}
    histories = [[catalog.ids[row] for row in rows] for rows in log.histories()]
    assert (log.users, histories) == (("a", "b"), [["11", "12"], ["11"]])


def test_a_missing_or_foreign_file_is_named(folder):
    (folder / ITEMS).write_text('{"id": "1"}\n')
    with pytest.raises(DataError, match=r"items\.jsonl:1: not a film"):
        read_movies(folder)
    (folder / LINKS).unlink()
    with pytest.raises(DataError, match=r"links\.csv is missing"):
        read_movies(folder)
