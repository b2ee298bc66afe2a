"""Of two wishes that hardly anything meets together the older one goes."""

import pytest

from tastemaker.agent.memory.contradictions import drop_contradictions
from tastemaker.agent.memory.request import Preference
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.filters.constraints import Constraint, Op

SCHEMA = Schema(
    attributes=(
        Attribute(name="genre", kind=Kind.CATEGORY),
        Attribute(name="moods", kind=Kind.TAGS),
        Attribute(name="year", kind=Kind.NUMBER),
    )
)
ITEMS = [
    *(Item(f"d{n}", "", {"genre": "drama", "moods": ("sad",), "year": 1990}) for n in range(60)),
    *(Item(f"c{n}", "", {"genre": "comedy", "moods": ("funny",), "year": 1970}) for n in range(60)),
    *(Item(f"r{n}", "", {"genre": "romance", "moods": ("sad", "funny"), "year": 1990}) for n in range(60)),
    Item("rare", "", {"genre": "noir", "moods": ("odd",), "year": 1950}),
]
CATALOG = Catalog(ITEMS, SCHEMA)


def wants(field, value, op=Op.ANY_OF):
    return Constraint(field=field, op=op, value=value)


SAD = wants("moods", ("sad",))
COMEDY = wants("genre", "comedy", Op.IS)


@pytest.mark.parametrize(
    ("standing", "new", "stays"),
    [
        (SAD, COMEDY, False),
        (SAD, wants("genre", "romance", Op.IS), True),
        (SAD, wants("genre", "comedy", Op.IS_NOT), True),  # turns down, and says nothing of what is wanted
        (wants("year", 1980, Op.AFTER), COMEDY, True),  # a limit is kept for whatever comes
        (wants("moods", ("sad",), Op.NONE_OF), wants("genre", "drama", Op.IS), True),
        (wants("moods", ("odd",)), COMEDY, True),  # too rare to tell
    ],
)
def test_what_excludes_the_new_wish_goes(standing, new, stays):
    kept = drop_contradictions([Preference(condition=standing, weight=1.0)], [new], CATALOG)
    assert bool(kept) is stays


def test_what_is_unwanted_stays_unwanted():
    against = Preference(condition=SAD, weight=-1.0)
    assert drop_contradictions([against], [COMEDY], CATALOG) == (against,)
