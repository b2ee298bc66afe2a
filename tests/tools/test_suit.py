"""What suits a whole request."""

import pytest

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.filters.conditions import Constraint, Op
from tastemaker.tools.suit import SuitWeights, Wanted, steps_beyond, suit_scores
from tastemaker.tools.workspace.build import build_workspace


@pytest.fixture(scope="module")
def context(tmp_path_factory, film_catalog):
    pairs = [(f"user {user}", row) for row in range(12) for user in range(1 + row * row)]
    log = Interactions.from_columns([user for user, _ in pairs], [row for _, row in pairs])
    built = build_workspace(
        tmp_path_factory.mktemp("fame") / "films",
        film_catalog,
        log,
        recommender="popularity",
        embedding="hashing",
        progress=False,
    )
    opened = built.search_context()
    yield opened
    opened.index.close()


def test_fame_speaks_for_an_item_and_against_it_where_little_known_ones_are_asked_for(context):
    little_known = Constraint(field="popularity_percentile", op=Op.AT_MOST, value=50)
    renown, weights = context.renown, SuitWeights(rating=0)
    assert renown[suit_scores(context, Wanted(), weights).argmax()] > 0
    faint = suit_scores(context, Wanted(prefer=[(little_known, 0.1)]), weights)
    assert (renown[(-faint).argsort()[:3]] <= 0).all()
    # Turned down, the same condition asks for the known.
    assert renown[suit_scores(context, Wanted(prefer=[(little_known, -0.1)]), weights).argmax()] > 0


def test_where_all_are_equally_known_fame_says_nothing(film_workspace):
    opened = film_workspace.search_context()
    assert not opened.renown.any()
    opened.index.close()


def test_a_level_beyond_what_is_allowed_costs_more_than_a_miss(faceted_workspace):
    context = faceted_workspace.search_context()
    attributes = tuple(
        one.model_copy(update={"levels": ("none", "a little", "much")}) if one.name == "violence" else one
        for one in context.catalog.schema.attributes
    )
    catalog = Catalog(list(context.catalog), Schema(attributes=attributes))
    mild = Constraint(field="violence", op=Op.AT_MOST, value=0)
    steps = steps_beyond(catalog, mild)
    assert list(steps) == [max(int(item.attributes.get("violence", 0)), 0) for item in catalog]
    assert not steps_beyond(context.catalog, Constraint(field="runtime", op=Op.AT_MOST, value=90)).any()
    assert not steps_beyond(catalog, Constraint(field="violence", op=Op.AT_LEAST, value=1)).any()
