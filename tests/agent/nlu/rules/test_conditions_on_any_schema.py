"""Conditions in messages about catalogues of other kinds than films."""

from datetime import date

import pytest

from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.filters.conditions import describe
from tastemaker.retrieval.titles.resolver import TitleResolver

TODAY = date(2024, 6, 15)
KINDS = {"n": Kind.NUMBER, "b": Kind.BOOLEAN, "d": Kind.DATE, "c": Kind.CATEGORY, "t": Kind.TAGS}
TABLES = {
    "jobs": (
        "location:c remote:b salary:n years_experience:n hours_per_week:n posted:d",
        [
            ("Berlin", "yes", 60000, 3, 40, date(2024, 3, 1)),
            ("Hamburg", "no", 42000, 1, 20, date(2023, 12, 1)),
        ],
    ),
    "fashion": (
        "size:c vegan:b materials:t price:n",
        [
            ("M", "yes", ("linen", "cotton"), 30),
            ("L", "no", ("wool",), 149),
            ("S", "no", ("leather",), 25),
        ],
    ),
    "recipes": (
        "minutes:n calories:n servings:n ingredients:t",
        [
            (40, 200, 2, ("lentils", "onion")),
            (90, 700, 8, ("almonds", "almond flour")),
            (10, 90, 4, ("chicken breast", "rice")),
        ],
    ),
    "shop": (
        "category:c price:n weight_kg:n rating:n in_stock:c",
        [
            ("kettles", 30, 1.2, 4, "Yes"),
            ("mugs", 6, 0.3, 3, "No"),
            ("lamps", 2500, 60, 5, "Yes"),
        ],
    ),
    "games": ("min_players:n max_players:n playtime:n", [(1, 4, 20), (3, 8, 240)]),
    "songs": ("duration_ms:n tempo:n", [(90_000, 60), (600_000, 200)]),
    "apps": ("Price:n Installs:n Size:n", [(0, 10, 1), (30, 5_000_000, 500)]),
}


def reader_of(name):
    columns, rows = TABLES[name]
    kinds = {part.partition(":")[0]: KINDS[part.partition(":")[2]] for part in columns.split()}
    schema = Schema(attributes=tuple(Attribute(name=one, kind=kind) for one, kind in kinds.items()))
    items = [Item(str(n), f"Item {n}", dict(zip(kinds, row, strict=True))) for n, row in enumerate(rows)]
    catalog = Catalog(items, schema)
    return RulesReader(catalog, TitleResolver(catalog), today=lambda: TODAY)


READERS = {name: reader_of(name) for name in TABLES}


@pytest.mark.parametrize(
    ("name", "message", "conditions"),
    [
        ("jobs", "no night shifts please", set()),
        ("jobs", "no, not Hamburg", {"location not Hamburg"}),
        ("jobs", "posted after 2023", {"posted at least 2024"}),
        ("jobs", "posted in the last two weeks", {"posted between 2024-06-01 and 2024-06-15"}),
        ("jobs", "at least 4,000 euros a month", {"salary at least 48000"}),
        (
            "jobs",
            "a job for 2 years of experience, at most 30 hours a week",
            {"years_experience at most 2", "hours_per_week at most 30"},
        ),
        ("fashion", "no leather", {"materials none of leather"}),
        ("fashion", "yes please, something for rain", set()),
        ("fashion", "size M please", {"size is M"}),
        ("fashion", "vegan, nothing over 50", {"vegan is yes", "price at most 50"}),
        (
            "recipes",
            "I'm allergic to almonds, what can I cook?",
            {"ingredients none of almond flour, almonds"},
        ),
        (
            "recipes",
            "almond-free, with chicken",
            {"ingredients none of almond flour, almonds", "ingredients any of chicken breast"},
        ),
        (
            "recipes",
            "in half an hour, no more than 400 kcal per serving",
            {"minutes at most 30", "calories at most 400"},
        ),
        (
            "games",
            "a game for 2 about trains, under an hour",
            {"min_players at most 2 and max_players at least 2", "playtime before 60"},
        ),
        (
            "shop",
            "something under 15 dollars that is new, at least 4 stars",
            {"price before 15", "rating at least 4"},
        ),
        ("shop", "no mugs", {"category not mugs"}),
        ("shop", "a kettle under 40", {"category is kettles", "price before 40"}),
        ("shop", "under 1.500 and lighter than 500 g", {"price before 1500", "weight_kg before 0.5"}),
        ("shop", "no lamps over 100 euros", {"price at most 100"}),
        ("shop", "as long as it's under 60", {"price before 60"}),
        (
            "games",
            "for 4 players, no longer than an hour and a half",
            {"min_players at most 4 and max_players at least 4", "playtime at most 90"},
        ),
        (
            "songs",
            "longer than 4:30 and faster than 120 bpm",
            {"duration_ms after 270000", "tempo after 120"},
        ),
        (
            "apps",
            "a free app with more than a million installs",
            {"Price at most 0", "Installs after 1000000"},
        ),
    ],
)
def test_conditions(name, message, conditions):
    said = READERS[name].read(message)
    assert {describe(one) for one in (*said.constraints, *said.required)} == conditions
    assert not said.unknown


@pytest.mark.parametrize(
    ("name", "message", "unknown"),
    [
        ("shop", "at least 3 drawers", "the number of drawers"),
        ("fashion", "lighter than 2 kg", "the weight"),
        ("recipes", "under 20 dollars", "the price"),
        (
            "jobs",
            "posted on 03/04/2024",
            "whether 03/04/2024 is in March or in April (write it as 2024-03-04)",
        ),
    ],
)
def test_what_no_column_holds_is_said(name, message, unknown):
    said = READERS[name].read(message)
    assert said.unknown == (unknown,)
    assert (said.constraints, said.wish) == ((), "")
