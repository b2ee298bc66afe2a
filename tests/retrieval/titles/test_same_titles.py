import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.titles.item_lookup import find_item
from tastemaker.retrieval.titles.near_duplicates import near_duplicates
from tastemaker.retrieval.titles.resolver import TitleResolver
from tastemaker.retrieval.titles.same_titles import distinct_labels


def catalog_of(kinds, rows):
    schema = Schema(attributes=tuple(Attribute(name=name, kind=kind) for name, kind in kinds.items()))
    items = [
        Item(str(n), title, dict(zip(kinds, values, strict=True))) for n, (title, *values) in enumerate(rows)
    ]
    return Catalog(items, schema)


SONGS = catalog_of(
    {"artist": Kind.CATEGORY, "year": Kind.NUMBER},
    [
        ("Hello", "Mara Lind", 2015),
        ("Hello", "Otis Gray", 1983),
        ("Hello", "The Rivets", 1983),
        ("Home", "Nils Voss", 2010),
    ],
)
JOBS = catalog_of(
    {"location": Kind.CATEGORY, "field": Kind.CATEGORY},
    [("Nurse", "Berlin", "health"), ("Nurse", "Hamburg", "health"), ("Chef", "Berlin", "food")],
)


def test_labels_name_what_differs_and_nothing_else():
    assert distinct_labels(list(SONGS), SONGS) == [
        "Hello (Mara Lind)",
        "Hello (Otis Gray)",
        "Hello (The Rivets)",
        "Home",
    ]
    assert distinct_labels(list(JOBS)[:2], JOBS) == ["Nurse (Berlin)", "Nurse (Hamburg)"]
    twins = catalog_of({"colour": Kind.CATEGORY}, [("Mug", "red"), ("Mug", "red")])
    assert distinct_labels(list(twins), twins) == ["Mug (no. 0)", "Mug (no. 1)"]


@pytest.mark.parametrize("catalog", [SONGS, JOBS])
def test_one_title_is_not_one_thing(catalog):
    assert near_duplicates(catalog).members == ()
    assert TitleResolver(catalog).resolve(catalog.at(0).title).status == "several"


@pytest.mark.parametrize(
    ("mention", "wanted"),
    [
        ("Hello by Otis Gray", "1"),
        ("Hello (The Rivets)", "2"),
        ("hello by the rivets", "2"),
        ("Hello, Mara Lind", "0"),
    ],
)
def test_a_value_chooses_among_them(mention, wanted):
    assert find_item(mention, SONGS, TitleResolver(SONGS)) == wanted


def test_the_choices_are_told_apart():
    with pytest.raises(QueryError, match=r"Hello \(Mara Lind\), Hello \(Otis Gray\) or Hello \(The Rivets\)"):
        find_item("Hello", SONGS, TitleResolver(SONGS))
