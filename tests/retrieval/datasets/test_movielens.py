import zipfile

import pytest

from tastemaker.retrieval.datasets.editions import Edition, check_edition
from tastemaker.retrieval.datasets.movielens import FLAGS, Film, read_movielens
from tastemaker.retrieval.errors import DataError, SourceError


def flags(*genres):
    return "|".join("1" if genre in genres else "0" for genre in FLAGS)


FORMS = {
    "grouplens 100k": {
        "u.data": "2\t1\t4\t20\n1\t3\t5\t10\n1\t1\t3\t11\n",
        "u.item": f"1|Misérables, Les (1995)|01-Jan-1995||http://x|{flags('Drama', 'Musical')}\n"
        f"2|unknown||||{flags('unknown')}\n3|Toys (1992)|||x|{flags('Comedy')}\n\n",
    },
    "recbole": {
        "ml-100k.inter": "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
        "1\t1\t3\t11\n2\t1\t4\t20\n1\t3\t5\t10\n",
        "ml-100k.item": "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n"
        "1\tMisérables, Les\t1995\tDrama Musical\n2\tunkonwn\tunkonwn\tunknown\n3\tToys\t1992\tComedy\n",
    },
    "grouplens 1m": {
        "ratings.dat": "2::1::4::20\n1::3::5::10\n1::1::3::11\n",
        "movies.dat": "1::Misérables, Les (1995)::Drama|Musical\n"
        "2::unknown::unknown\n3::Toys (1992)::Comedy\n",
    },
    "grouplens latest": {
        "ratings.csv": "userId,movieId,rating,timestamp\n2,1,4.0,20\n1,3,5.0,10\n1,1,3.0,11\n",
        "movies.csv": 'movieId,title,genres\n1,"Misérables, Les (1995)",Drama|Musical\n'
        "2,unknown,(no genres listed)\n3,Toys (1992),Comedy\n",
    },
}
UTF8 = {"recbole", "grouplens latest"}


def encoded(form, changes=None):
    files = {**FORMS[form], **(changes or {})}
    return {name: text.encode("utf-8" if form in UTF8 else "latin-1") for name, text in files.items()}


def as_folder(path, files):
    path.mkdir(parents=True)
    for name, content in files.items():
        (path / name).write_bytes(content)
    return path


def as_zip(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"inside/{name}", content)
    return path


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("make", [as_folder, as_zip])
def test_every_form_gives_the_same_films_and_ratings(tmp_path, form, make):
    data = read_movielens(make(tmp_path / "data", encoded(form)))
    assert data.films == (
        Film("1", "Misérables, Les", 1995, ("Drama", "Musical")),
        Film("2", "unknown", None, ()),
        Film("3", "Toys", 1992, ("Comedy",)),
    )
    assert sorted(zip(data.user, data.film, data.rating, data.timestamp, strict=True)) == [
        (1, 1, 3, 11),
        (1, 3, 5, 10),
        (2, 1, 4, 20),
    ]
    other = read_movielens(as_folder(tmp_path / "other", encoded("recbole")))
    assert data.ratings_sha256() == other.ratings_sha256()


def test_one_other_rating_gives_another_sha256(tmp_path):
    same = read_movielens(as_folder(tmp_path / "a", encoded("grouplens 100k")))
    files = encoded("grouplens 100k", {"u.data": "2\t1\t4\t20\n1\t3\t5\t10\n1\t1\t2\t11\n"})
    assert read_movielens(as_folder(tmp_path / "b", files)).ratings_sha256() != same.ratings_sha256()


def test_a_character_that_unicode_takes_for_a_line_end_is_none(tmp_path):
    files = encoded("grouplens 1m", {"movies.dat": "1::Wait\x85 (1995)::Drama\n3::Toys (1992)::Comedy\n"})
    assert len(read_movielens(as_folder(tmp_path / "a", files)).films) == 2


@pytest.mark.parametrize(
    ("form", "name", "text", "place"),
    [
        ("grouplens 100k", "u.data", "1\t1\t5\t1\n1\tx\t5\t1\n", "u.data:2"),
        ("grouplens 100k", "u.item", "1|Toys\n", "u.item:1"),
        ("recbole", "ml-100k.inter", "header\n1\t1\n", "ml-100k.inter:2"),
        ("recbole", "ml-100k.item", "header\n1\tToys\n", "ml-100k.item:2"),
        ("grouplens 1m", "ratings.dat", "1::1::five::1\n", "ratings.dat:1"),
        ("grouplens 1m", "movies.dat", "1::a::b\nx::a::b\n", "movies.dat:2"),
        ("grouplens latest", "movies.csv", "movieId,title,genres\n1,a\n", "movies.csv:2"),
    ],
)
def test_a_malformed_line_is_named(tmp_path, form, name, text, place):
    with pytest.raises(DataError, match=f"^{place}: "):
        read_movielens(as_folder(tmp_path / "a", encoded(form, {name: text})))


def test_a_file_that_is_not_utf8_is_named(tmp_path):
    files = encoded("grouplens latest") | {"movies.csv": b"movieId,title,genres\n1,Mis\xe9rables,Drama\n"}
    with pytest.raises(DataError, match=r"^movies\.csv:2: not UTF-8"):
        read_movielens(as_folder(tmp_path / "a", files))


def test_what_is_no_movielens_says_what_was_looked_for(tmp_path):
    with pytest.raises(SourceError, match=r"no MovieLens files in .*u\.data with u\.item"):
        read_movielens(tmp_path)
    with pytest.raises(SourceError, match="does not exist"):
        read_movielens(tmp_path / "missing")
    (tmp_path / "f").write_bytes(b"x")
    with pytest.raises(SourceError, match="neither a folder nor a zip"):
        read_movielens(tmp_path / "f")


def test_an_edition_is_known_by_counts_and_sha256(tmp_path):
    data = read_movielens(as_folder(tmp_path / "a", encoded("recbole")))
    right = Edition(3, 2, 3, data.ratings_sha256())
    assert check_edition(data, [Edition(9, 9, 9), right]) is right
    with pytest.raises(
        SourceError, match="refused: has 3 ratings by 2 people of 3 films, should have 9 ratings"
    ):
        check_edition(data, [Edition(9, 9, 9)])
    with pytest.raises(SourceError, match="refused: sha256 of its ratings"):
        check_edition(data, [Edition(3, 2, 3, "0" * 64)])


def test_a_rated_film_must_be_in_the_film_list(tmp_path):
    text = "movieId,title,genres\n1,a,b\n2,c,d\n9,e,f\n"
    data = read_movielens(as_folder(tmp_path / "a", encoded("grouplens latest", {"movies.csv": text})))
    with pytest.raises(SourceError, match="film 3 is rated but not in the film list"):
        check_edition(data, [Edition(3, 2, 3)])
