"""List the items that meet conditions on their attributes, the most taken first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.filters.constraints import describe
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.tool_context import DEFAULT_K, ToolContext


def filter_items(
    tool_context: ToolContext,
    constraints: Sequence[Condition] = (),
    exclude: Sequence[str] = (),
    k: int = DEFAULT_K,
) -> Candidates:
    """Items that meet every condition, the most popular first."""
    keep = tool_context.allowed_rows(constraints, exclude)
    found = tool_context.best(np.log1p(tool_context.popularity).astype(np.float32), keep, k)
    return Candidates("filter", {"where": "; ".join(describe(c) for c in constraints)}, found)
