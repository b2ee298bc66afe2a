"""Beam search over the ids that exist: every beam ends in an item, and no allowed item is lost to a forbidden one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from tastemaker.recommenders.layers.generative.prefix_tables import PrefixTables

NextCode = Callable[[Tensor], Tensor]
"""Codes so far, int64[b, w, k], to the logits of the next, float32[b, w, count]."""


def constrained_beam(
    next_code: NextCode, tables: PrefixTables, people: int, width: int, alive: Sequence[Tensor] | None = None
) -> Tensor:
    """Log-probabilities of the ids that a search of this width reaches: float32[people, leaves], -inf for others.

    Impossible codes are masked before the softmax, so a beam's number is the conditional probability of its
    id over the catalogue, and a level with one possible code costs nothing. Which items are allowed decides
    where the search goes, not what an id's number is.

    Args:
        next_code: the decoder.
        tables: the catalogue's ids.
        people: b, how many are searched for at once.
        width: beams that are kept per person and level.
        alive: per level bool[b, nodes], see :meth:`PrefixTables.alive`; None: all items are allowed.
    """
    nodes = torch.zeros(people, 1, dtype=torch.int64)
    codes = torch.zeros(people, 1, 0, dtype=torch.int64)
    total = torch.zeros(people, 1)
    for level in range(tables.levels):
        step, children = tables.step(level, nodes, next_code(codes))
        grown = (total[..., None] + step).flatten(1)  # [b, w * count]
        ends = children.flatten(1).long()
        if alive is not None:
            open_ = alive[level].gather(1, ends.clamp(min=0)) & (ends >= 0)
            grown = grown.masked_fill(~open_, -torch.inf)
        total, places = grown.topk(min(width, grown.shape[1]), dim=1)
        from_beam, code = places // tables.count, places % tables.count
        nodes = ends.gather(1, places).clamp(min=0)  # those at -inf stay there, wherever they point
        codes = torch.cat(
            [codes.gather(1, from_beam[..., None].expand(-1, -1, level)), code[..., None]], dim=2
        )
    found = torch.full((people, tables.leaves), -torch.inf)
    return found.scatter_reduce(1, nodes, total, "amax")
