"""Items as a model reads them."""

from tastemaker.agent.nlu.item_rows import ItemRows
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema

SCHEMA = Schema(attributes=(Attribute(name="about", kind=Kind.TAGS),))
MANY = Item("1", "Night Train", {"about": ("trains", "snow", "spies", "love", "Twist ending")})
ROWS = ItemRows(
    Catalog([MANY, *(Item(str(n), f"Film {n}", {"about": ("rain",)}) for n in range(2, 9))], SCHEMA)
)


def test_what_is_asked_for_comes_first():
    assert "twist" not in ROWS.row(MANY, ["about"]).casefold()
    row = ROWS.row(MANY, ["about"], asked_for={"about": {"twist ending"}})
    assert row == "Night Train: Twist ending, trains, snow, spies"


def test_what_was_shown_is_marked():
    assert ROWS.table(["1", "2"], ["about"], shown=["2"]).splitlines()[1] == "2 | Film 2: rain [shown]"
