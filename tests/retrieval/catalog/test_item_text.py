"""The text of an item, generic over the schema."""

from datetime import date

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.item_text import item_text, item_texts, name_attributes
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
