"""Look at everything the catalogue knows about one item."""

from __future__ import annotations

from tastemaker.retrieval.catalog.catalog import Item
from tastemaker.retrieval.errors import ToolError
from tastemaker.tools.tool_context import ToolContext


def inspect(tool_context: ToolContext, item_id: str) -> Item:
    """One item with all its attributes."""
    if item_id not in tool_context.catalog:
        raise ToolError(f"no item with id {item_id!r}; take an id from the candidate table")
    return tool_context.catalog[item_id]
