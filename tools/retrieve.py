"""Find items by what they are about: their texts as a whole, their single tags, their words."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.retrieval.filters.conditions import Condition, all_of
from tastemaker.retrieval.search.request import Search
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.tool_context import DEFAULT_K, ToolContext


def retrieve(
    tool_context: ToolContext,
    text: str,
    constraints: Sequence[Condition] = (),
    exclude: Sequence[str] = (),
    k: int = DEFAULT_K,
) -> Candidates:
    """Items whose descriptions are closest to a text, by meaning and by words."""
    where = all_of(constraints) if constraints else None
    return Candidates(
        "retrieve",
        {"text": text},
        tool_context.search_standardised(Search(text, where=where, exclude=exclude, k=k)),
    )
