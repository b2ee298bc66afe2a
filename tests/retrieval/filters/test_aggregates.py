"""Questions about many items: exact answers, the ids they rest on, and one plain sentence."""

from datetime import date

import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.aggregate_words import in_words
from tastemaker.retrieval.filters.aggregates import Aggregate, What, aggregate
from tastemaker.retrieval.filters.where_parser import parse_where


def ask(catalog, what, field=None, where="", k=1):
    conditions = (parse_where(where, catalog.schema),) if where else ()
    answer = aggregate(catalog, Aggregate(what=what, field=field, where=conditions, k=k))
    return answer, in_words(answer, catalog)


@pytest.mark.parametrize(
    ("asked", "ids", "sentence"),
    [
        (
            ("count", None, "genres is Comedy and year between 1980 and 1989"),
            "4",
            "There is 1 item here with “genres is Comedy and year between 1980 and 1989”.",
        ),
        (("count", None, "genres is Musical"), "", "There are 0 items here with “genres is Musical”."),
        (("count",), "1 2 3 4 5 6 7 8 9 10 11 12", "There are 12 items in this catalogue."),
        (
            ("highest", "year", "director is Eve Lund"),
            "9",
            "The newest (1991) of the 2 items with “director is Eve Lund”: Laughing Stock (1991).",
        ),
        (
            ("lowest", "year", "", 2),
            "2 8",
            "The oldest (1957) of all 12 items: The Long Verdict (1957) and The Cellar (1974).",
        ),
        (("highest", "year", "genres is Musical"), "", "Nothing in this catalogue has “genres is Musical”."),
        (
            ("average", "year", "director is Eve Lund"),
            "9 10",
            "The average year of the 2 items with “director is Eve Lund” is 1990.5.",
        ),
        (
            ("range", "year", "genres is Drama"),
            "2 6 10",
            "The year of the 3 items with “genres is Drama” goes from 1957 to 1999.",
        ),
        (
            ("distinct", "director", "genres is Drama"),
            "2 6 10",
            "Among the 3 items with “genres is Drama” there are 3 different values of director.",
        ),
        (
            ("commonest", "director"),
            "1 3 12",
            "The most frequent director among all 12 items: Ada Stone (3).",
        ),
        (
            ("commonest", "genres", "year at least 1995"),
            "3 5",
            "The most frequent genres among the 4 items with “year at least 1995”: Thriller (2).",
        ),
        (
            ("commonest", "year", "year at most 1980"),
            "2 8",
            "The most frequent year among the 2 items with “year at most 1980”: 1957 (1) and 1974 (1).",
        ),
    ],
)
def test_the_answer_its_ids_and_the_sentence(film_catalog, asked, ids, sentence):
    answer, said = ask(film_catalog, *asked)
    assert said == sentence
    assert list(answer.ids) == ids.split()


def test_ties_with_the_last_come_too_and_missing_values_are_said():
    schema = Schema(attributes=(Attribute(name="made on", kind=Kind.DATE),))
    days = [date(2001, 1, 1), date(2002, 2, 2), date(2002, 2, 2), None]
    items = [Item(str(n), f"T{n}", {"made on": day} if day else {}) for n, day in enumerate(days)]
    catalog = Catalog(items, schema)
    answer, said = ask(catalog, "highest", "made on")
    assert answer.ids == ("1", "2")
    assert answer.value == date(2002, 2, 2)
    assert said == "The newest (2 February 2002) of all 4 items: T1 and T2."
    assert "(3 have a known made on)" in ask(catalog, "range", "made on")[1]


@pytest.mark.parametrize(
    ("what", "field", "says"),
    [
        ("average", "genres", "'genres' is tags: it has no average; allowed: year"),
        ("highest", None, "highest of which attribute\\? allowed: year"),
        ("commonest", "genre", "did you mean 'genres'"),
        ("distinct", "premise", "'premise' is text.*allowed: year, genres, director"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(film_catalog, what, field, says):
    with pytest.raises(QueryError, match=says):
        aggregate(film_catalog, Aggregate(what=What(what), field=field))
