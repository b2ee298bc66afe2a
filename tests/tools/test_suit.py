"""What suits a whole request."""

import pytest

from tastemaker.retrieval.filters.conditions import Constraint, Op
from tastemaker.tools.suit import SuitWeights, Wanted, suit_scores


@pytest.fixture(scope="module")
def context(film_workspace):
    opened = film_workspace.search_context()
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
