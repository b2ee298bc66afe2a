"""The text of an item, generic over the schema."""

from datetime import date

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.item_text import (
    LABELS_AT_MOST,
    item_text,
    item_texts,
    label_fields,
    labels_of,
    name_attributes,
)
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema

SCHEMA = Schema(
    attributes=(
        Attribute(name="plot", kind=Kind.TEXT),
        Attribute(name="tags", kind=Kind.TAGS),
        Attribute(name="day", kind=Kind.DATE),
        Attribute(name="price", kind=Kind.NUMBER),
    )
)


def test_tags_come_before_texts_and_the_title_stays_out_where_there_is_a_text() -> None:
    item = Item(
        "1",
        "A title!",
        {"price": 2.5, "day": date(2020, 1, 2), "tags": ("a", "b c"), "plot": "Once.\n Twice"},
    )
    assert item_text(item, SCHEMA) == "a, b c. Once. Twice."


def test_missing_values_leave_no_trace_and_the_title_stands_in() -> None:
    assert item_texts(Catalog([Item("1", "One", {}), Item("2", "Two", {"tags": ("x",)})], SCHEMA)) == [
        "One.",
        "Two. x.",
    ]


def test_attributes_of_proper_names_are_recognised_and_left_out() -> None:
    schema = Schema(
        attributes=(Attribute(name="cast", kind=Kind.TAGS), Attribute(name="moods", kind=Kind.TAGS))
    )
    letters = "abcdefghijklmnopqrstuvwxyz"
    people = [f"Ann {a.upper()}{b}" for a in letters for b in letters[:3]]
    items = [Item(p, p, {"cast": (p,), "moods": (f"mood {p.lower()}",)}) for p in people]
    catalog = Catalog(items, schema)
    assert name_attributes(catalog) == ["cast"]
    assert item_texts(catalog)[0] == "Ann Aa. mood ann aa."


def test_genres_stay_labels_whatever_a_few_items_call_theirs() -> None:
    schema = Schema(attributes=(Attribute(name="genres", kind=Kind.TAGS),))
    films = [Item(str(n), f"Film {n}", {"genres": (("Drama", "Horror")[n % 2],)}) for n in range(900)]
    odd = [Item(f"o{n}", f"Odd {n}", {"genres": ("Drama", f"Odd Word {n}")}) for n in range(150)]
    catalog = Catalog([*films, *odd], schema)
    assert label_fields(catalog) == ["genres"]
    assert labels_of(catalog, "genres")[:2] == ("Drama", "Horror")
    assert len(labels_of(catalog, "genres")) == LABELS_AT_MOST
    assert name_attributes(catalog) == []


def test_names_and_themes_are_no_labels() -> None:
    schema = Schema(attributes=(Attribute(name="cast", kind=Kind.TAGS),))
    people = [f"Person {chr(65 + n % 26)}{n}".title() for n in range(300)]
    catalog = Catalog(
        [
            Item(str(n), f"Film {n}", {"cast": tuple(people[(n * 7 + i * i) % 300] for i in range(4))})
            for n in range(900)
        ],
        schema,
    )
    assert (label_fields(catalog), labels_of(catalog, "cast")) == ([], ())
    assert name_attributes(catalog) == ["cast"]
