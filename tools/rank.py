"""Rank the catalogue for one person's history with the trained recommender."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.recommenders import Query
from tastemaker.retrieval.constraints import Constraint
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.shelf import DEFAULT_K, Shelf


def rank(
    shelf: Shelf,
    history: Sequence[str] = (),
    constraints: Sequence[Constraint] = (),
    exclude: Sequence[str] = (),
    k: int = DEFAULT_K,
) -> Candidates:
    """What this person would most likely take next, given the items they took so far."""
    keep = shelf.allowed(constraints, exclude)
    scores = shelf.rank_scores(Query(history=tuple(history)))
    note = "" if history else "no history yet: ranked by popularity"
    arguments = {"model": shelf.recommender.name}
    return Candidates("rank", arguments, shelf.best(scores, keep, k), note=note)
