"""A tool of one's own, a typed function that returns candidates: ``python examples/custom_tool.py``"""

import tempfile
from pathlib import Path

import numpy as np
from small_shop import small_shop

from tastemaker.retrieval.filters.where_parser import parse_where
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.tool_context import ToolContext


def cheapest(context: ToolContext, where: str = "", k: int = 5) -> Candidates:
    """The items of the lowest price that meet a condition; scores in standard deviations, as tools give them."""
    conditions = [parse_where(where, context.catalog.schema)] if where else []
    allowed = context.allowed_rows(conditions, exclude=())
    prices = context.catalog.numbers("price")
    scores = (np.nanmean(prices) - prices) / np.nanstd(prices)
    rows = [row for row in np.argsort(prices, kind="stable") if allowed[row]][:k]
    ranked = tuple((context.catalog.at(int(row)).id, float(scores[row])) for row in rows)
    return Candidates("cheapest", {"where": where}, ranked)


context = small_shop(Path(tempfile.mkdtemp())).tool_context()
found = cheapest(context, "kind any of sleep, light", k=3)
print(found.label())
for item_id, score in found.ranked:
    print(f"{score:+.2f}  {context.catalog[item_id].title}")
context.index.close()
