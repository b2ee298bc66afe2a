import numpy as np
import pytest

from tastemaker.retrieval.errors import QueryError, ToolError
from tastemaker.retrieval.filters.conditions import any_of
from tastemaker.retrieval.filters.constraints import Constraint, Op, satisfies
from tastemaker.tools.filter import filter_items
from tastemaker.tools.rank import rank
from tastemaker.tools.retrieve import retrieve
from tastemaker.tools.similar import similar
from tastemaker.tools.suit import Wanted, suit

THRILLER = Constraint(field="genres", op=Op.IS, value="Thriller")


@pytest.fixture(scope="module")
def tool_context(film_workspace):
    opened = film_workspace.tool_context()
    yield opened
    opened.index.close()


CALLS = {
    "rank": lambda tool_context, **rest: rank(tool_context, ("1", "2"), **rest),
    "retrieve": lambda tool_context, **rest: retrieve(tool_context, "a train through the night", **rest),
    "filter": lambda tool_context, **rest: filter_items(tool_context, **rest),
    "similar": lambda tool_context, **rest: similar(tool_context, "3", **rest),
}


@pytest.mark.parametrize("name", CALLS)
class TestEveryTool:
    """What holds for each tool that returns candidates."""

    def test_it_says_who_it_is_and_ranks_by_falling_score(self, tool_context, name):
        found = CALLS[name](tool_context)
        scores = [score for _, score in found.ranked]
        assert found.tool == name
        assert scores == sorted(scores, reverse=True)
        assert np.isfinite(scores).all()

    def test_constraints_and_exclusions_hold(self, tool_context, name):
        found = CALLS[name](tool_context, constraints=(THRILLER,), exclude=("12",))
        ids = [item_id for item_id, _ in found.ranked]
        assert ids
        assert "12" not in ids
        assert all(satisfies(tool_context.catalog[item_id], THRILLER) for item_id in ids)

    def test_conditions_joined_by_or_hold(self, tool_context, name):
        either = any_of([THRILLER, Constraint(field="year", op=Op.AT_MOST, value=1974)])
        ids = {item_id for item_id, _ in CALLS[name](tool_context, constraints=(either,)).ranked}
        assert ids >= {"1", "2", "5", "8", "12"}
        assert all(satisfies(tool_context.catalog[item_id], either) for item_id in ids)

    def test_no_item_twice_and_no_more_than_asked(self, tool_context, name):
        ids = [item_id for item_id, _ in CALLS[name](tool_context, k=2).ranked]
        assert len(ids) == len(set(ids)) == 2

    def test_nothing_allowed_gives_nothing(self, tool_context, name):
        nobody = Constraint(field="year", op=Op.AT_LEAST, value=3000)
        assert CALLS[name](tool_context, constraints=(nobody,)).ranked == ()

    def test_an_unknown_field_is_named(self, tool_context, name):
        with pytest.raises(QueryError, match="did you mean 'genres'"):
            CALLS[name](tool_context, constraints=(Constraint(field="genre", op=Op.IS, value="x"),))


def test_rank_says_when_there_is_no_history(tool_context):
    assert "popularity" in rank(tool_context).note


@pytest.mark.parametrize("attribute", ["genres", "year", "director"])
def test_rank_by_an_attribute_is_another_ranking_of_the_same_items(tool_context, attribute):
    plain, by = rank(tool_context, ("1", "3")), rank(tool_context, ("1", "3"), attribute)
    assert {i for i, _ in plain.ranked} == {i for i, _ in by.ranked}
    assert [i for i, _ in plain.ranked] != [i for i, _ in by.ranked]
    assert by.label().endswith(f"by={attribute!r})")


def test_rank_by_free_text_is_refused(tool_context):
    with pytest.raises(QueryError, match="premise"):
        rank(tool_context, ("1",), "premise")


def test_retrieve_finds_the_described_item(tool_context):
    assert retrieve(tool_context, "a jury argues through the night").ranked[0][0] == "2"


def test_similar_names_an_unknown_id(tool_context):
    with pytest.raises(ToolError, match="'77'"):
        similar(tool_context, "77")


def test_what_holds_an_avoided_word_comes_after_what_does_not(tool_context):
    ranked = [
        item_id for item_id, _ in suit(tool_context, Wanted(avoid=("detective stuff",)), [THRILLER]).ranked
    ]
    assert len(ranked) == 4
    assert ranked[-1] == "3"
