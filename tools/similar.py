"""Items whose texts resemble one item's."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.retrieval.errors import ToolError
from tastemaker.retrieval.filters.conditions import Condition, all_of
from tastemaker.retrieval.search.request import Search
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.tool_context import DEFAULT_K, ToolContext


def similar(
    tool_context: ToolContext,
    item_id: str,
    constraints: Sequence[Condition] = (),
    exclude: Sequence[str] = (),
    k: int = DEFAULT_K,
) -> Candidates:
    """Items that resemble a given one in what they are about."""
    if item_id not in tool_context.catalog:
        raise ToolError(f"no item with id {item_id!r}; take an id from the candidate table")
    where = all_of(constraints) if constraints else None
    asked = Search(like=(item_id,), where=where, exclude=exclude, k=k)
    return Candidates(
        "similar", {"item": tool_context.catalog[item_id].title}, tool_context.search_standardised(asked)
    )
