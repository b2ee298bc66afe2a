import json
from pathlib import Path

import numpy as np
import pytest

from tastemaker.retrieval.datasets.movielens import read_movielens
from tastemaker.retrieval.datasets.redial import map_ratings, redial_films
from tastemaker.retrieval.errors import DataError

SHARED = Path(__file__).parents[4] / "shared" / "data"

FILMS = {
    "111776": {
        "name": "The  Usual Suspects (1995)",
        "genre": ["crime", "crime", " "],
        "director": ["Bryan Singer"],
        "star": ["Kevin  Spacey", "Gabriel Byrne"],
        "writer": ["X"],
        "plot": " A con. ",
        "imdb_id": "tt1",
    },
    "200": {"name": "Heat (1995)", "genre": [], "plot": ""},
    "201": {"name": "Heat (1986)"},
    "300": {"name": "Tinker Bell", "genre": None},
    "400": {"name": "Seven (1995)"},
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "id2info.json").write_text(json.dumps(FILMS), encoding="utf-8")
    return tmp_path


def test_films_have_the_ids_of_the_messages_and_only_what_is_known(folder):
    films = redial_films(folder)
    assert films.ids == ("111776", "200", "201", "300", "400")
    assert films["111776"].title == "The Usual Suspects (1995)"
    assert dict(films["111776"].attributes) == {
        "year": 1995,
        "genres": ("crime",),
        "director": ("Bryan Singer",),
        "cast": ("Kevin Spacey", "Gabriel Byrne"),
        "plot": "A con.",
    }
    assert dict(films["200"].attributes) == {"year": 1995}
    assert dict(films["300"].attributes) == {}


def test_a_missing_or_broken_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"no such file; name the folder that holds id2info.json"):
        redial_films(tmp_path)
    for content in ("{", "[1]", '{"1": {"genre": []}}', '{"1": {"name": 7}}'):
        (tmp_path / "id2info.json").write_text(content)
        with pytest.raises(DataError, match="not ReDial's films"):
            redial_films(tmp_path)


@pytest.fixture
def movielens(tmp_path):
    """A MovieLens set in the format of ml-1m: titles filed with the article behind, years one off."""

    def make(films, ratings):
        home = tmp_path / f"ml-{len(list(tmp_path.iterdir()))}"
        home.mkdir()
        (home / "movies.csv").write_text(
            "movieId,title,genres\n" + "".join(f'{n},"{t}",Drama\n' for n, t in films)
        )
        (home / "ratings.csv").write_text(
            "userId,movieId,rating,timestamp\n" + "".join(f"{u},{n},{r},{at}\n" for u, n, r, at in ratings)
        )
        return read_movielens(home)

    return make


TITLES = [
    (1, "Usual Suspects, The (1995)"),
    (2, "Heat (1995)"),
    (3, "Heat (1987)"),
    (4, "Tinker Bell (2008)"),
    (5, "Seven (a.k.a. Se7en) (1995)"),
    (6, "Up (2009)"),
    (7, "Heat (1972)"),
]


def log_of(films, sets):
    log = map_ratings(films, sets)
    return [
        (log.users[u], films.ids[i], at)
        for u, i, at in zip(log.user.tolist(), log.item.tolist(), log.timestamp.tolist(), strict=True)
    ]


def test_ratings_are_mapped_by_title_and_year(folder, movielens):
    films = redial_films(folder)
    ratings = [(9, n, 4.0, 100 + n) for n, _ in TITLES]
    found = {item for _, item, _ in log_of(films, [movielens(TITLES, ratings)])}
    assert found == {
        "111776",
        "200",
        "201",
        "300",
        "400",
    }  # Up is not there, and Heat of 1972 is none of the two
    assert len(log_of(films, [movielens(TITLES, ratings)])) == 5


def test_what_was_not_liked_is_left_out_and_each_persons_ratings_are_in_order_of_time(folder, movielens):
    films = redial_films(folder)
    ratings = [(1, 1, 4.0, 30), (1, 2, 3.5, 10), (1, 5, 3.0, 20), (2, 2, 5.0, 5)]
    assert log_of(films, [movielens(TITLES, ratings)]) == [
        ("0-1", "200", 10),
        ("0-1", "111776", 30),
        ("0-2", "200", 5),
    ]


def test_people_of_two_sets_are_different_people(folder, movielens):
    films = redial_films(folder)
    sets = [movielens(TITLES, [(1, 1, 4.0, 30)]), movielens(TITLES, [(1, 2, 4.0, 10)])]
    assert {user for user, _, _ in log_of(films, sets)} == {"0-1", "1-1"}


def test_no_rating_that_maps_is_an_error(folder, movielens):
    with pytest.raises(DataError, match="none of the ratings"):
        map_ratings(redial_films(folder), [movielens(TITLES, [(1, 6, 5.0, 1)])])


def test_redial_itself():
    if not (SHARED / "redial").is_dir():
        pytest.skip(f"{SHARED / 'redial'} is not here: the real files are not in this repository")
    films = redial_films(SHARED / "redial")
    assert len(films) == 6583
    log = map_ratings(films, [read_movielens(SHARED / "ml-latest-small")])
    assert len(np.unique(log.item)) > 2000
    assert log.users[0].startswith("0-")
