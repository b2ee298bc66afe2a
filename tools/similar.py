"""Items whose texts resemble one item's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from tastemaker.retrieval.conditions import Condition, Constraint
from tastemaker.retrieval.errors import ToolError
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.shelf import DEFAULT_K, Shelf


def similar(
    shelf: Shelf,
    item_id: str,
    constraints: Sequence[Condition] = (),
    exclude: Sequence[str] = (),
    k: int = DEFAULT_K,
) -> Candidates:
    """Items that resemble a given one in what they are about."""
    if item_id not in shelf.catalog:
        raise ToolError(f"no item with id {item_id!r}; take an id from the candidate table")
    plain = cast("Sequence[Constraint]", constraints)  # the index takes any condition; its hints say less
    found = shelf.index.similar(item_id, k, constraints=plain, exclude=exclude)
    scores = np.full(len(shelf.catalog), -np.inf, dtype=np.float32)
    scores[shelf.catalog.rows(i for i, _ in found)] = [cosine for _, cosine in found]
    background = shelf.sample_cosines(shelf.index.vectors[shelf.catalog.row(item_id)])
    ranked = shelf.best(scores, np.isfinite(scores), k, background)
    return Candidates("similar", {"item": shelf.catalog[item_id].title}, ranked)
