"""What suits a whole request."""

import pytest

from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.filters.conditions import Constraint, Op
from tastemaker.tools.suit import SuitWeights, Wanted, suit_scores
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
