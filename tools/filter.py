"""List the items that meet conditions on their attributes, the most taken first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.filters.constraints import describe
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.tool_context import DEFAULT_K, Shelf


def filter_items(
    shelf: Shelf,
    constraints: Sequence[Condition] = (),
    exclude: Sequence[str] = (),
    k: int = DEFAULT_K,
) -> Candidates:
    """Items that meet every condition, the most popular first."""
    keep = shelf.allowed(constraints, exclude)
    found = shelf.best(np.log1p(shelf.popularity).astype(np.float32), keep, k)
    return Candidates("filter", {"where": "; ".join(describe(c) for c in constraints)}, found)
