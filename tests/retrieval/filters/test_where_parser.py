"""The where-language: what it reads, and that an error says where and what would be allowed."""

import time

import pytest

from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.conditions import describe
from tastemaker.retrieval.filters.where_parser import parse_where

SCHEMA = Schema(
    attributes=tuple(
        Attribute(name=name, kind=Kind(kind))
        for name, kind in [
            ("year", "number"),
            ("genres", "tags"),
            ("director", "category"),
            ("premise", "text"),
            ("release_date", "date"),
            ("list price", "number"),
            ("price and tax", "number"),
        ]
    )
)


def read(text: str) -> str:
    return describe(parse_where(text, SCHEMA))


@pytest.mark.parametrize(
    ("text", "means"),
    [
        (
            "year between 1990 and 1999 and genres any of comedy, drama",
            "year between 1990 and 1999 and genres any of comedy, drama",
        ),
        (
            'director is not "Michael Mann" and (year before 1980 or genres all of Comedy, Romance)',
            "director not Michael Mann and (year before 1980 or genres all of Comedy, Romance)",
        ),
        ("premise contains prison", "premise contains prison"),
        ("release date after 1995-03-02", "release_date after 1995-03-02"),
        ("Release_Date at_most 1995", "release_date at most 1995"),
        ("list price<=20 or list_price=25", "list price at most 20 or list price is 25"),
        ("'price and tax' > 3", '"price and tax" after 3'),
        (
            "year != 1990 and year >= 1980 and year < 2000",
            "year not 1990 and year at least 1980 and year before 2000",
        ),
        ("genres in A, B and director not in C", "genres any of A, B and director none of C"),
        ("genres is any of A", "genres any of A"),
        ('director is "Mann and Sons"', 'director is "Mann and Sons"'),
        ("director is 'Mann and Sons'", 'director is "Mann and Sons"'),
        ("director is Schindler's List", "director is Schindler's List"),
        (r'director is "a \"b\" \\ c"', r'director is "a \"b\" \\ c"'),
        ("year between 1990, 1999", "year between 1990 and 1999"),
        ("year = 1 or year = 2 and year = 3", "year is 1 or (year is 2 and year is 3)"),
        ("not (year = 1 or not not year = 2)", "not (year is 1 or year is 2)"),
        ("NOT year = 1 AND genres IS a", "not year is 1 and genres is a"),
        ("year = 1\n  and\tyear = 2", "year is 1 and year is 2"),
    ],
)
def test_what_is_written_is_what_is_meant(text, means):
    assert read(text) == means
    assert read(means) == means


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("yaer between 1 and 2", 1, "no attribute 'yaer'; did you mean 'year'\\? allowed: year, genres"),
        ("year = 1 and gnres is x", 14, "no attribute 'gnres'; did you mean 'genres'"),
        ("director is Mann and Sons", 22, "no attribute 'Sons'.*stands in quotes"),
        (
            "year atleast 4",
            6,
            "no operator 'atleast'; did you mean 'at least'\\? allowed: is, is not, any of",
        ),
        (
            "genres at least 4",
            8,
            "no operator 'at least'; allowed: is, is not, any of, none of, all of, contains",
        ),
        ("year", 5, "followed by no operator; allowed: is"),
        ("year at least soon", 15, "'soon': write a number"),
        ("release date before last week", 21, "'last week': write a date as YYYY-MM-DD or a year"),
        ("year between 1999 and 1990", 14, "lo at most hi"),
        ("year between 1999 or 1990", 19, "expected and, not 'or'"),
        ("year is", 8, "expected a value, not the end"),
        ("year is and", 9, "expected a value, not 'and'"),
        ("director is red, blue", 13, "takes one value, not 2; use any_of"),
        ("(year = 1", 10, "expected \\) for the \\( at 1, not the end"),
        ("year = 1)", 9, "'\\)' is one too many"),
        ("year = 1 and", 13, "expected a field, not the end"),
        ("", 1, "the condition is empty.*allowed: year, genres"),
        ('director is "abc', 13, "is not closed"),
        (r'director is "a\q"', 13, "wrong escape"),
        ('genres is ""', 11, "the value is empty"),
        ("year\x00 = 1", 5, r"control character '\\x00'"),
        ("(" * 65 + "year = 1" + ")" * 65, 65, "more than 64 parentheses"),
        ("(" * 19_000, 65, "more than 64 parentheses"),
    ],
)
def test_an_error_says_where_what_and_what_is_allowed(text, place, says):
    with pytest.raises(QueryError, match=f"^condition, character {place}: .*{says}") as error:
        read(text)
    assert len(str(error.value)) < 400


def test_the_deepest_text_allowed_is_read_back():
    deep = "not year = 1"
    for _ in range(20):
        deep = f"year = 2 or year = 3 and not ({deep} or year = 4)"
    assert read(read(deep)) == read(deep)
    with pytest.raises(QueryError, match="nested deeper than 64 levels"):
        read(f"year = 2 or year = 3 and not ({deep} or year = 4)")


@pytest.mark.parametrize("text", ["year = 1 and " * 8_000, "x" * 100_000, "(" * 100_000])
def test_a_very_long_text_is_refused(text):
    with pytest.raises(QueryError, match="write at most 20,000"):
        read(text)


def test_the_longest_text_allowed_is_quick():
    started = time.perf_counter()
    read("year = 1 or " * 1_600 + "year = 1")
    with pytest.raises(QueryError):
        read("a b c d " * 2_400)
    assert time.perf_counter() - started < 5
