"""When nothing fits: the smallest widenings and drops, and how much each frees."""

from datetime import date

import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.filters.conditions import Condition, describe
from tastemaker.retrieval.filters.relaxations import relaxations
from tastemaker.retrieval.filters.where_parser import parse_where

SCHEMA = Schema(
    attributes=(
        Attribute(name="genres", kind=Kind.TAGS),
        Attribute(name="year", kind=Kind.NUMBER),
        Attribute(name="released", kind=Kind.DATE),
    )
)
FILMS = Catalog(
    [
        Item("1", "One", {"genres": ("Comedy", "Crime"), "year": 1979, "released": date(1979, 5, 1)}),
        Item("2", "Two", {"genres": ("Comedy",), "year": 1985, "released": date(1985, 5, 1)}),
        Item("3", "Three", {"genres": ("Comedy",), "year": 1985, "released": date(1985, 7, 1)}),
        Item("4", "Four", {"genres": ("War",), "year": 1994, "released": date(1994, 1, 1)}),
        Item("5", "Five", {"genres": ("War",)}),
    ],
    SCHEMA,
)


def where(text: str) -> Condition:
    return parse_where(text, SCHEMA)


def found(*texts: str) -> list[str]:
    return [one.describe() for one in relaxations(FILMS, [where(text) for text in texts])]


@pytest.mark.parametrize(
    ("asked", "relaxed", "freed"),
    [
        ("year at least 1990", "year at least 1985", 2),
        ("year after 1985", "year at least 1985", 2),
        ("year at most 1970", "year at most 1979", 1),
        ("year before 1979", "year at most 1979", 1),
        ("year between 1986 and 1990", "year between 1985 and 1990", 2),
        ("year between 1981 and 1982", "year between 1979 and 1982", 1),
        ("year is 1984", "year between 1984 and 1985", 2),
        ("released at least 1990", "released at least 1985", 2),
        ("released at least 1990-01-01", "released at least 1985-07-01", 1),
        ("genres all of Comedy, War", "genres all of Comedy", 3),
        ("genres none of Comedy, Horror", "genres none of Horror", 3),
        ("year at least 1990 or year is 1981", "year at least 1985 or year is 1981", 2),
    ],
)
def test_the_smallest_widening_that_frees_something(asked, relaxed, freed):
    found = relaxations(FILMS, [where("genres is Comedy"), where(asked)])
    (best,) = [one for one in found if one.constraint == where(asked) and one.relaxed]
    assert best.relaxed
    assert (describe(best.relaxed), best.freed) == (relaxed, freed)


def test_a_widening_that_frees_as_much_as_dropping_comes_first():
    assert found("genres all of Comedy, Crime", "year at least 1995") == [
        "with “year at least 1979” in place of “year at least 1995” there would be 1",
        "without “year at least 1995” there would be 1",
    ]


def test_a_missing_value_is_freed_by_dropping_only():
    assert found("genres is War", "year at least 2000") == [
        "without “year at least 2000” there would be 2",
        "with “year at least 1994” in place of “year at least 2000” there would be 1",
    ]


def test_an_and_at_the_top_is_taken_apart_and_an_or_is_not():
    assert found("genres is War and year at most 1979") == found("genres is War", "year at most 1979")
    either = "year at least 2000 or genres is Horror"
    assert f"without “{either}” there would be 3" in found("genres is Comedy", either)


def test_where_two_conditions_stand_in_the_way_none_is_named():
    assert found("genres is Horror", "year at least 2000") == []
    assert found() == []
