"""Columns as people write them: numbers, dates, booleans, lists, markup; each form with what it must become."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.ingest.infer_schema import infer_kind
from tastemaker.retrieval.ingest.tables import Table
from tastemaker.retrieval.ingest.unpack import unpack


def read(name: str, *cells: object) -> tuple[Any, list[object]]:
    """The column that cells become, and their values, None where one is missing."""
    [column] = infer_kind(name, list(cells))
    assert column.form is not None, str(column)
    values: list[object] = []
    for cell in cells:
        try:
            values.append(column.form.read(cell))
        except ValueError:
            values.append(None)
    return column, values


@pytest.mark.parametrize(
    ("cells", "numbers", "measure"),
    [
        (["1.299,00 EUR", "899,00 EUR", "19,99 EUR"], [1299, 899, 19.99], "EUR"),
        (["$12.99", "$1,299.00", "$5"], [12.99, 1299, 5], "USD"),
        (["€ 1.299", "€ 15,50", "€ 20"], [1299, 15.5, 20], "EUR"),
        (["1 200,50 zł", "99,00 zł"], [1200.5, 99], "PLN"),
        (["CHF 1'200.50", "CHF 99.00"], [1200.5, 99], "CHF"),
        (["₹1,23,456", "₹999"], [123456, 999], "INR"),
        (["Free", "$49", "$0.99"], [0, 49, 0.99], "USD"),
        (["US$ 1.2M", "US$ 300k"], [1.2e6, 3e5], "USD"),
        (["12.50 USD", "on request", *["5 USD"] * 20], [12.5, None, *[5] * 20], "USD"),
        (["10,000+", "5,000,000+", "100+"], [10_000, 5_000_000, 100], ""),
        (["1,024", "87510", "159"], [1024, 87510, 159], ""),
        (["1,5", "2,25", "12,0"], [1.5, 2.25, 12], ""),
        (["19M", "8.7M", "201k", "Varies with device", "3M"], [19e6, 8.7e6, 201e3, None, 3e6], ""),
        (["1.2 million", "300 thousand"], [1.2e6, 3e5], ""),
        (["90 min", "1 h", "45 mins", "20 minutes"], [90, 60, 45, 20], "min"),
        (["1h 30m", "45m", "2h"], [90, 45, 120], "min"),
        (["PT1H15M", "PT45M"], [75, 45], "min"),
        (["1:45:00", "0:30:00"], [105, 30], "min"),
        (["4 weeks", "1 week", "10 Wks"], [4, 1, 10], "weeks"),
        (["2 kg", "500 g", "1.5 kg"], [2, 0.5, 1.5], "kg"),
        (["1.2 GB", "700 MB", "2 GB"], [1.2, 0.7, 2], "GB"),
        (["12 cm", "1.2 m", "30 mm", "5 cm"], [12, 120, 3, 5], "cm"),
        (["63%", "5 %", "12.5%"], [63, 5, 12.5], "%"),
        (["4.5 out of 5 stars", "3.0 out of 5 stars"], [4.5, 3], "of 5"),
        (["4/5", "3.5/5"], [4, 3.5], "of 5"),
        (['5.1"', '6"', '4.7"'], [5.1, 6, 4.7], "in"),
        (["(5.00)", "3.00", "-2"], [-5, 3, -2], ""),
        (["—", "12", "n/a", "7"], [None, 12, None, 7], ""),
        ([12.99, "$5", "—", 7], [12.99, 5, None, 7], "USD"),
    ],
)
def test_numbers(cells: list[object], numbers: list[float], measure: str) -> None:
    column, values = read("amount", *cells)
    assert column.becomes == Kind.NUMBER
    assert values == pytest.approx(numbers)
    assert (column.attribute.currency or column.attribute.unit) == measure


@pytest.mark.parametrize(
    "cells",
    [
        ["PG-13", "R", "G", "PG"],
        ["10-20", "30-40"],
        ["12 Main St", "4 Elm Rd"],
        ["192.168.1.1", "10.0.0.1"],
        ["00123", "01000"],
        ["1990s", "2020s"],
        ["12A", "13B"],
        ["v1.2", "v1.3"],
        ["2019-2020", "2018-2019"],
        ["4K", "HD", "8K"],
        ["555 123 4567", "555 765 4321"],
    ],
)
def test_what_is_no_number(cells: list[object]) -> None:
    assert {column.becomes for column in infer_kind("thing", cells)} <= {Kind.CATEGORY, Kind.TEXT, Kind.TAGS}


def test_what_a_column_does_not_decide_is_told() -> None:
    column, values = read("weight", "1.234", "2.345")
    assert values == [1.234, 2.345]
    assert '[items.decimals] weight = ","' in column.doubt
    assert not read("weight", "1.234", "0.5")[0].doubt
    [mixed] = infer_kind("price", ["$5", "$6", "$7", "ask us", "call us"] * 3)
    assert (mixed.becomes, '[items.kinds] price = "number"' in mixed.doubt) == (Kind.CATEGORY, True)
    column, values = read("added", "01/02/2020", "03/04/2020")
    assert values == [date(2020, 2, 1), date(2020, 4, 3)]
    assert '[items.dates] added = "MDY"' in column.doubt


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["02/13/2022", "09/01/2016"], [date(2022, 2, 13), date(2016, 9, 1)]),
        (["13/02/2022", "01/09/2016"], [date(2022, 2, 13), date(2016, 9, 1)]),
        (["01.02.2020", "15.03.2018"], [date(2020, 2, 1), date(2018, 3, 15)]),
        (["September 25, 2021", "August 1, 2018"], [date(2021, 9, 25), date(2018, 8, 1)]),
        (["3. März 2021", "5. Mai 2020"], [date(2021, 3, 3), date(2020, 5, 5)]),
        (["25 Sep 2021", "1 Oct 2020"], [date(2021, 9, 25), date(2020, 10, 1)]),
        (["2001-07", "1999-12"], [date(2001, 7, 1), date(1999, 12, 1)]),
        (["Jul 2001", "Dec 1999"], [date(2001, 7, 1), date(1999, 12, 1)]),
        (["20191001", "20200229"], [date(2019, 10, 1), date(2020, 2, 29)]),
        ([20191001, 20200229], [date(2019, 10, 1), date(2020, 2, 29)]),
        (["1588615855", "1252800000"], [date(2020, 5, 4), date(2009, 9, 13)]),
        (["1588615855070", "1252800000000"], [date(2020, 5, 4), date(2009, 9, 13)]),
        (["12/1/2010 8:26", "12/13/2010 8:28"], [date(2010, 12, 1), date(2010, 12, 13)]),
        (["11/15/2019 8:55:22 AM", "11/11/2019 9:05:58 PM"], [date(2019, 11, 15), date(2019, 11, 11)]),
        (["2019-10-01 00:00:00 UTC", "2019-11-01 00:00:00 UTC"], [date(2019, 10, 1), date(2019, 11, 1)]),
        (["09 13, 2009", "11 26, 2012"], [date(2009, 9, 13), date(2012, 11, 26)]),
        (["2020年1月5日", "2021年12月1日"], [date(2020, 1, 5), date(2021, 12, 1)]),
        (["05-Jan-20", "06-Feb-21"], [date(2020, 1, 5), date(2021, 2, 6)]),
    ],
)
def test_dates(cells: list[object], days: list[date]) -> None:
    column, values = read("date added", *cells)
    assert column.becomes == Kind.DATE
    assert values == days


@pytest.mark.parametrize(
    "cells",
    [["2019", "2020"], ["1.2.3", "4.5.6"], ["10 minutes ago", "2 days ago"], ["12345678", "87654321"]],
)
def test_what_is_no_date(cells: list[object]) -> None:
    assert infer_kind("thing", cells)[0].becomes != Kind.DATE


@pytest.mark.parametrize(
    ("cells", "answers"),
    [
        (["yes", "no", "Yes"], ()),
        (["TRUE", "FALSE"], ()),
        ([True, False], ()),
        ([1, 0, 1], ()),
        (["1.0", "0.0"], ()),
        (["ja", "nein"], ()),
        (["oui", "non"], ()),
        (["t", "f"], ()),
        (["in stock", "out of stock"], ("out of stock", "in stock")),
        (["in_stock", "out_of_stock"], ("out of stock", "in stock")),
        (["vegan", "not vegan"], ("not vegan", "vegan")),
        (["available", "sold out"], ("sold out", "available")),
    ],
)
def test_booleans(cells: list[object], answers: tuple[str, ...]) -> None:
    column, values = read("flag", *cells)
    assert (column.becomes, values[:2]) == (Kind.BOOLEAN, ["yes", "no"])
    assert column.attribute.answers == answers


@pytest.mark.parametrize(
    "cells", [["in stock", "out of stock", "preorder"], [1, 2], ["1", "1"], ["Free", "Paid"]]
)
def test_what_is_no_boolean(cells: list[object]) -> None:
    assert infer_kind("flag", cells)[0].becomes != Kind.BOOLEAN


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ('["strategy", "tiles"]', ("strategy", "tiles")),
        ("['strategy', 'tiles']", ("strategy", "tiles")),
        ("['strategy' 'tiles']", ("strategy", "tiles")),
        ("[strategy, tiles]", ("strategy", "tiles")),
        ('c("strategy", "tiles")', ("strategy", "tiles")),
        ("{strategy,tiles}", ("strategy", "tiles")),
        ('[{"id": 1, "name": "strategy"}, {"id": 2, "name": "tiles"}]', ("strategy", "tiles")),
        ("[{'id': 1, 'name': 'strategy'}, {'id': 2, 'name': 'tiles'}]", ("strategy", "tiles")),
        ('{"id": 1, "name": "strategy"}', ("strategy",)),
        ("strategy|tiles", ("strategy", "tiles")),
        ("strategy; tiles", ("strategy", "tiles")),
        ("strategy、tiles", ("strategy", "tiles")),
    ],
)
def test_lists_in_cells(tmp_path: Any, cell: str, values: tuple[str, ...]) -> None:
    from tastemaker.retrieval.ingest.forms.lists import parse_cell
    from tastemaker.retrieval.ingest.items_file import load_items

    quoted = cell.replace('"', '""')
    path = tmp_path / "items.csv"
    path.write_text(f'id,title,what\n1,A,"{quoted}"\n2,B,"{quoted}"\n', encoding="utf-8")
    catalog = load_items(path)
    assert catalog.schema["what"].kind is Kind.TAGS
    assert catalog["1"].attributes["what"] == values
    assert parse_cell("I [heart] you") is None


def test_objects_become_columns_and_markup_text() -> None:
    table = Table(
        path=None,  # type: ignore[arg-type]
        columns={
            "stats": ['{"rating": 4.5, "votes": 10}', '{"rating": 4.0, "votes": 12}'],
            "about": ["<p>Fast, 16&nbsp;GB &amp; <b>bright</b></p>", "A &lt;3 thing, cafÃ©"],
        },
        lines=[2, 3],
    )
    opened = unpack(table)
    assert opened.columns == {
        "rating": [4.5, 4.0],
        "votes": [10, 12],
        "about": ["Fast, 16 GB & bright", "A <3 thing, café"],
    }
    assert "stats: objects, their fields are columns: rating, votes" in opened.notes


def test_units_that_do_not_convert_are_attributes_of_their_own() -> None:
    columns = infer_kind("duration", ["90 min", "100 min", "2 Seasons", "1 Season", "67 min"])
    assert [(one.name, one.source, one.attribute.unit) for one in columns] == [
        ("duration", "duration", "min"),
        ("duration_seasons", "duration", "seasons"),
    ]


@pytest.mark.parametrize(
    ("name", "cells", "order"),
    [
        ("size", ["M", "S", "XL", "L", "M"], ("S", "M", "L", "XL")),
        ("size", ["medium", "small", "large"], ("small", "medium", "large")),
        ("level", ["Advanced", "Beginner", "Intermediate"], ("Beginner", "Intermediate", "Advanced")),
        ("colour", ["red", "blue"], ()),
    ],
)
def test_ordered_values(name: str, cells: list[object], order: tuple[str, ...]) -> None:
    [column] = infer_kind(name, cells)
    assert (column.becomes, column.attribute.order) == (Kind.CATEGORY, order)
