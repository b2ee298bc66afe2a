"""What is not claimed of an item: conditions that its other values speak against, and what nothing rules out."""

import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Provenance, Schema
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.facets.definition import facets_from, shipped_facets
from tastemaker.retrieval.facets.doubts import Doubts
from tastemaker.retrieval.facets.satisfaction import DOUBTFUL, Satisfaction
from tastemaker.retrieval.filters.conditions import AnyOf, Constraint, Op

MILD = Constraint(field="violence", op=Op.AT_MOST, value=1)
CLEAN = Constraint(field="contains", op=Op.NONE_OF, value=("swearing",))
WESTERN = Constraint(field="genres", op=Op.IS, value="Western")
COMEDY = Constraint(field="genres", op=Op.ANY_OF, value=("Comedy", "Western"))

BOTH = Constraint(field="genres", op=Op.ALL_OF, value=("Comedy", "Western"))


@pytest.fixture(scope="module")
def doubts():
    return Doubts(shipped_facets("films"))


def film(**values):
    return Item("1", "", values)


@pytest.mark.parametrize(
    ("values", "condition", "doubtful"),
    [
        ({"violence": 1, "age_from": 16}, MILD, True),
        ({"violence": 1, "contains": ("gore",)}, MILD, True),
        ({"violence": 1, "age_from": 10, "contains": ("murder",)}, MILD, False),
        ({"violence": 0, "age_from": 16}, Constraint(field="violence", op=Op.AT_MOST, value=0), True),
        ({"contains": ("heist",), "age_from": 16}, CLEAN, True),
        ({"contains": ("heist",), "age_from": 13}, CLEAN, False),
        ({"contains": ("heist",)}, CLEAN, False),
        ({"genres": ("Western",), "country": ("Japan",)}, WESTERN, True),
        ({"genres": ("Western",), "country": ("USA", "Japan")}, WESTERN, False),
        ({"genres": ("Western",)}, WESTERN, False),
        ({"genres": ("Comedy",), "humour": 1, "moods": ("dark", "scary")}, COMEDY, True),
        ({"genres": ("Comedy",), "humour": 1, "moods": ("dark", "funny")}, COMEDY, False),
        ({"genres": ("Comedy", "Western"), "humour": 0, "moods": ("dark",)}, COMEDY, False),
        ({"genres": ("Comedy", "Western"), "humour": 0, "moods": ("dark",)}, BOTH, True),
        ({"violence": 1, "age_from": 16, "scares": 0}, AnyOf(any_of=(MILD,)), True),
    ],
)
def test_a_condition_is_doubtful_where_other_values_speak_against_it(doubts, values, condition, doubtful):
    assert doubts.is_doubtful(film(**values), condition) is doubtful


@pytest.mark.parametrize(
    ("values", "proven"),
    [({"age_from": 4}, True), ({"age_from": 10}, False), ({}, False)],
)
def test_what_is_not_listed_is_absent_only_where_something_rules_it_out(doubts, values, proven):
    assert doubts.is_proven(film(**values), CLEAN) is proven


def test_only_what_is_listed_in_full_can_be_lacked(doubts):
    assert [doubts.can_lack(name) for name in ("contains", "moods", "occasions", "genres", "violence")] == [
        False,
        False,
        False,
        True,
        True,
    ]
    assert Doubts(None).can_lack("contains")


def test_who_turns_a_thing_down_is_worse_served_by_an_item_that_speaks_for_it():
    kinds = {"contains": Kind.TAGS, "age_from": Kind.NUMBER}
    schema = Schema(
        attributes=tuple(
            Attribute(name=name, kind=kind, provenance=Provenance.INFERRED) for name, kind in kinds.items()
        )
    )
    rows = [(("swearing",), 16), (("heist",), 16), (("heist",), 10)]
    catalog = Catalog(
        [Item(str(n), "", {"contains": held, "age_from": age}) for n, (held, age) in enumerate(rows)], schema
    )
    degrees = Satisfaction(catalog, doubts=Doubts(shipped_facets("films"))).of(CLEAN)
    np.testing.assert_allclose(degrees, [0, DOUBTFUL, 1])
    # A column of another kind under a facet's name says nothing.
    words = Schema(
        attributes=(
            schema["contains"],
            Attribute(name="age_from", kind=Kind.CATEGORY, provenance=Provenance.INFERRED),
        )
    )
    other = Catalog([Item("1", "", {"contains": ("heist",), "age_from": "16"})], words)
    assert Satisfaction(other, doubts=Doubts(shipped_facets("films"))).of(CLEAN) == [1]


BAD = """
[facets.pace]
kind = "category"
values = ["slow", "fast"]
{more}
"""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[facets.pace.doubts]\nslow = { colour = "red" }', "no facet"),
        ('[facets.pace.doubts]\nslow = "fast"', "must be a table"),
        ('[facets.pace.proofs]\nquick = { pace = "fast" }', "no value"),
        ('[labels]\nWestern = { pace = "quick" }', "no value"),
    ],
)
def test_a_wrong_doubt_is_named(more, said):
    with pytest.raises(DataError, match=said):
        facets_from(BAD.replace("{more}", more), "bad.toml")
