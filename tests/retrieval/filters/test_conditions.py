"""Conditions joined by and, or, not: what they mean, how deep they may go, and that lists still work."""

import numpy as np
import pytest
from pydantic import ValidationError

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.conditions import (
    CONDITION,
    MAX_DEPTH,
    AllOf,
    AnyOf,
    Condition,
    Constraint,
    Not,
    Op,
    all_of,
    any_of,
    describe,
    leaves,
)
from tastemaker.retrieval.filters.constraints import blocking, canonicalise, check, mask, satisfies
from tastemaker.retrieval.index.chroma_filters import to_chroma_where

COMEDY = Constraint(field="genres", op=Op.IS, value="comedy")
HORROR = Constraint(field="genres", op=Op.IS, value="Horror")
NEW = Constraint(field="year", op=Op.AT_LEAST, value="1990")
STAGE = Constraint(field="premise", op=Op.CONTAINS, value="clown")


def titles(catalog: Catalog, *conditions: Condition) -> list[str]:
    return [catalog.at(row).title for row in np.flatnonzero(mask(catalog, conditions))]


def test_and_or_not_mean_what_they_say(film_catalog):
    assert titles(film_catalog, any_of([COMEDY, HORROR]), NEW) == [
        "Grave Company (1995)",
        "Laughing Stock (1991)",
    ]
    assert titles(film_catalog, all_of([COMEDY, NEW])) == ["Laughing Stock (1991)"]
    assert titles(film_catalog, COMEDY, Not(none_of=NEW)) == ["Paper Moons (1988)"]


def test_a_missing_value_meets_the_opposite_of_a_range(film_catalog):
    item = type(film_catalog.at(0))("x", "Undated", {})
    assert satisfies(item, check(Not(none_of=NEW), film_catalog.schema))
    assert not satisfies(item, check(NEW, film_catalog.schema))


def test_joining_flattens_and_one_stays_itself():
    assert all_of([COMEDY]) == COMEDY
    assert all_of([all_of([COMEDY, NEW]), HORROR]) == AllOf(all_of=(COMEDY, NEW, HORROR))
    assert any_of([any_of([COMEDY, NEW]), HORROR]) == AnyOf(any_of=(COMEDY, NEW, HORROR))
    assert list(leaves(any_of([all_of([COMEDY, NEW]), Not(none_of=HORROR)]))) == [COMEDY, NEW, HORROR]


def test_checks_and_spelling_reach_every_leaf(film_catalog):
    tree = any_of([COMEDY, all_of([HORROR, NEW])])
    spelt = canonicalise(tree, film_catalog)
    assert describe(spelt) == "genres is Comedy or (genres is Horror and year at least 1990)"
    with pytest.raises(QueryError, match="did you mean 'Comedy'"):
        canonicalise(Not(none_of=Constraint(field="genres", op=Op.IS, value="Comedi")), film_catalog)
    with pytest.raises(QueryError, match="did you mean 'year'"):
        mask(film_catalog, [any_of([COMEDY, Constraint(field="yaer", op=Op.IS, value=1)])])


def test_conditions_cannot_be_changed_and_nothing_else_passes_for_one():
    with pytest.raises(ValidationError):
        any_of([COMEDY, NEW]).any_of = ()  # type: ignore[union-attr]
    for wrong in ({"any_of": []}, {"any_of": [{"field": "year"}]}, {"some_of": []}, {}):
        with pytest.raises(ValidationError):
            CONDITION.validate_python(wrong)


def test_nesting_has_a_limit():
    deep: Condition = COMEDY
    for _ in range(MAX_DEPTH - 1):
        deep = Not(none_of=deep)
    with pytest.raises(QueryError, match="nested deeper than 64"):
        Not(none_of=deep)
    nested = '{"none_of": ' * 150 + '{"field": "year", "op": "is", "value": 1}' + "}" * 150
    with pytest.raises(QueryError, match="nested deeper than 64"):
        CONDITION.validate_json(nested)


def test_an_or_frees_as_one(film_catalog):
    either = any_of([COMEDY, HORROR])
    western = Constraint(field="genres", op=Op.IS, value="Western")
    assert blocking(film_catalog, [either, western]) == [(western, 4), (either, 1)]


@pytest.mark.parametrize(
    ("condition", "where"),
    [
        (any_of([COMEDY, STAGE]), None),
        (all_of([COMEDY, STAGE]), {"a.genres": {"$contains": "comedy"}}),
        (Not(none_of=NEW), None),
        (Not(none_of=HORROR), {"a.genres": {"$not_contains": "horror"}}),
        (
            Not(none_of=any_of([HORROR, STAGE])),
            {"a.genres": {"$not_contains": "horror"}},
        ),
        (Not(none_of=all_of([HORROR, STAGE])), None),
        (
            any_of([COMEDY, NEW]),
            {"$or": [{"a.genres": {"$contains": "comedy"}}, {"a.year": {"$gte": 1990.0}}]},
        ),
    ],
)
def test_chroma_is_told_what_it_can_say_exactly(film_catalog, condition, where):
    assert to_chroma_where([condition], film_catalog.schema) == where
