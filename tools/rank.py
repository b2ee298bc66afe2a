"""Rank the catalogue for one person's history with the trained recommender."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.recommenders import Query
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.tool_context import DEFAULT_K, Column, Shelf

ATTRIBUTE_WEIGHT = 1.0


def rank(
    shelf: Shelf,
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
    keep = shelf.allowed(constraints, exclude)
    weights = {by: ATTRIBUTE_WEIGHT} if by else None
    scores = shelf.rank_scores(Query(history=tuple(history), weights=weights))
    note = "" if history else "no history yet: ranked by popularity"
    arguments = {"model": shelf.recommender.name, "by": by}
    return Candidates("rank", arguments, shelf.best(scores, keep, k), note=note)


def taste_scores(shelf: Shelf, history: Sequence[str]) -> Column:
    """What the ranking of all items for a history rests on, float32[n_items]."""
    return shelf.rank_scores(Query(history=tuple(history)))
