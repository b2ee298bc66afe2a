"""Amounts that share a unit or a column, amounts of what no column holds, and food that people must not eat."""

from datetime import date

import pytest

from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.filters.conditions import describe
from tastemaker.retrieval.titles.resolver import TitleResolver

KINDS = {"n": Kind.NUMBER, "b": Kind.BOOLEAN, "t": Kind.TAGS}
TABLES = {
    "songs": ("duration_s:n tempo:n popularity:n", [(90, 60, 20), (600, 200, 99)]),
    "books": ("pages:n price:n ratings_count:n", [(200, 10, 50), (900, 30, 5000)]),
    "shop": ("seats:n price:n weight_kg:n rating:n", [(2, 10, 1, 3), (8, 900, 9, 5)]),
    "homes": ("pet_friendly:b price:n", [("yes", 100), ("no", 900)]),
    "cameras": ("megapixels:n noise_db:n employees:n", [(8, 20, 5), (60, 80, 5000)]),
    "food": (
        "ingredients:t vegan:b",
        [
            (("flour", "walnuts"), "yes"),
            (("prawns", "coconut milk"), "no"),
            (("eggs", "cheddar cheese"), "no"),
            (("noodles", "peanut butter"), "yes"),
        ],
    ),
}


def reader_of(name):
    columns, rows = TABLES[name]
    kinds = {part.partition(":")[0]: KINDS[part.partition(":")[2]] for part in columns.split()}
    schema = Schema(attributes=tuple(Attribute(name=one, kind=kind) for one, kind in kinds.items()))
    items = [Item(str(n), f"Item {n}", dict(zip(kinds, row, strict=True))) for n, row in enumerate(rows)]
    return RulesReader(
        Catalog(items, schema), TitleResolver(Catalog(items, schema)), today=lambda: date(2024, 6, 15)
    )


READERS = {name: reader_of(name) for name in TABLES}


@pytest.mark.parametrize(
    ("name", "message", "conditions"),
    [
        (
            "songs",
            "longer than 3 minutes but shorter than 5",
            {"duration_s after 180", "duration_s before 300"},
        ),
        (
            "songs",
            "at least 3 but shorter than 5 minutes",
            {"duration_s at least 180", "duration_s before 300"},
        ),
        (
            "songs",
            "3 minutes or longer, no longer than 5",
            {"duration_s at least 180", "duration_s at most 300"},
        ),
        (
            "songs",
            "longer than 3 minutes and faster than 100 bpm",
            {"duration_s after 180", "tempo after 100"},
        ),
        ("books", "more than 200 pages but fewer than 400", {"pages after 200", "pages before 400"}),
        ("shop", "more than 3 seats but fewer than 8", {"seats after 3", "seats before 8"}),
        ("shop", "at least 3 seats and under 100", {"seats at least 3", "price before 100"}),
        ("shop", "over 3 kg, under 100", {"weight_kg after 3", "price before 100"}),
        ("shop", "rating over 3 but below 5", {"rating after 3", "rating before 5"}),
        ("homes", "no pets", {"pet_friendly is no"}),
        ("homes", "we have no pets", set()),
        ("cameras", "quieter than 50 dB", {"noise_db before 50"}),
        ("cameras", "over 24MP", {"megapixels after 24"}),
        ("cameras", "headcount over 200", {"employees after 200"}),
        ("food", "my son has a peanut allergy", {"ingredients none of peanut butter"}),
        ("food", "we are vegan, no nuts", {"vegan is yes", "ingredients none of peanut butter, walnuts"}),
        ("food", "lactose intolerant", {"ingredients none of cheddar cheese"}),
        ("food", "allergic to shellfish", {"ingredients none of prawns"}),
        ("food", "egg-free", {"ingredients none of eggs"}),
    ],
)
def test_conditions(name, message, conditions):
    said = READERS[name].read(message)
    assert {describe(one) for one in (*said.constraints, *said.required)} == conditions
    assert not said.unknown


@pytest.mark.parametrize(
    ("message", "unknown"),
    [
        ("loudness under 50", "the loudness"),
        ("headcount over 200", "the headcount"),
        ("fewer than 50 staff", "the number of staff"),
        ("over 200 PS", "the amount in ps"),
        ("wobblier than 50", "what is wobblier than 50"),
    ],
)
def test_an_amount_of_something_else_is_no_price(message, unknown):
    said = READERS["books"].read(message)
    assert (said.constraints, said.required, said.prefer) == ((), (), ())
    assert said.unknown == (unknown,)


@pytest.mark.parametrize("message", ["anything around 2000 ratings", "about two thousand ratings"])
def test_what_looks_like_a_year_is_counted_where_a_plural_follows(message):
    said = READERS["books"].read(message)
    assert [describe(one.condition) for one in said.prefer] == ["ratings_count between 1600 and 2400"]
