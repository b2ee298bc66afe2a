"""Rank the catalogue for one person's history with the trained recommender."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.recommenders import Query
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.tool_context import DEFAULT_K, Column, ToolContext

ATTRIBUTE_WEIGHT = 1.0


def rank(
    tool_context: ToolContext,
    history: Sequence[str] = (),
    by: str | None = None,
    constraints: Sequence[Condition] = (),
    exclude: Sequence[str] = (),
    k: int = DEFAULT_K,
) -> Candidates:
    """What this person would most likely take next, given the items they took so far.

    ``by`` names an attribute to rank by: items whose value of it is likely for this person,
    more than for anyone, move up by ``ATTRIBUTE_WEIGHT`` deviations per unit of log-likelihood.

    Raises:
        QueryError: no such attribute, or one of free text.
    """
    keep = tool_context.allowed_rows(constraints, exclude)
    weights = {by: ATTRIBUTE_WEIGHT} if by else None
    scores = tool_context.rank_scores(Query(history=tuple(history), weights=weights))
    note = "" if history else "no history yet: ranked by popularity"
    arguments = {"model": tool_context.recommender.name, "by": by}
    return Candidates("rank", arguments, tool_context.best(scores, keep, k), note=note)


def taste_scores(tool_context: ToolContext, history: Sequence[str]) -> Column:
    """What the ranking of all items for a history rests on, float32[n_items]."""
    return tool_context.rank_scores(Query(history=tuple(history)))
