"""The top of a list made more varied: each next item is good and unlike those before it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tastemaker.agent.shortlist.fusion import Fused
from tastemaker.retrieval.search.diversify import diversify
from tastemaker.tools.tool_context import ToolContext

POOL = 6
"""Times as many items as are shown take part: what lies further down is never brought up."""


def vary(ranked: Sequence[Fused], diversity: float, k: int, tool_context: ToolContext) -> list[Fused]:
    """The list with its first k chosen by maximal marginal relevance, all others as they were.

    How good an item is counts by its place, which a model may have given it; how alike two are by the texts'
    vectors.

    Args:
        ranked: the best first.
        diversity: 0 leaves the list as it is, 1 looks at unlikeness alone.
        k: how many are shown.
    """
    pool = list(ranked[: POOL * k])
    if not diversity or len(pool) < 2:
        return list(ranked)
    vectors = np.asarray(tool_context.index.vectors[tool_context.catalog.rows(one.id for one in pool)])
    order = diversify(-np.arange(len(pool), dtype=np.float64), vectors, k, 1 - diversity)
    first = [pool[place] for place in order]
    shown = {one.id for one in first}
    return [*first, *(one for one in ranked if one.id not in shown)]
