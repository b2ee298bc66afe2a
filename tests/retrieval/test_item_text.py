"""The text of an item, generic over the schema."""

from datetime import date

from tastemaker.retrieval.catalog import Catalog, Item
from tastemaker.retrieval.item_text import item_text, item_texts
from tastemaker.retrieval.schema import Attribute, Kind, Schema

SCHEMA = Schema(
    attributes=(
        Attribute(name="plot", kind=Kind.TEXT),
        Attribute(name="tags", kind=Kind.TAGS),
        Attribute(name="day", kind=Kind.DATE),
        Attribute(name="price", kind=Kind.NUMBER),
    )
)


def test_short_attributes_come_before_texts_in_the_schemas_order() -> None:
    item = Item(
        "1",
        "A title!",
        {"price": 2.5, "day": date(2020, 1, 2), "tags": ("a", "b c"), "plot": "Once.\n Twice"},
    )
    assert item_text(item, SCHEMA) == "A title! tags: a, b c. day: 2020-01-02. price: 2.5. Once. Twice."


def test_missing_values_leave_no_trace() -> None:
    assert item_texts(Catalog([Item("1", "One", {}), Item("2", "Two", {"price": 3})], SCHEMA)) == [
        "One.",
        "Two. price: 3.",
    ]
