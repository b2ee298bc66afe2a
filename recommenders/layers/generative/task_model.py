"""A decoder with task tokens as a model: ids by a beam, and those it reaches ordered by a ranking token as well."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.generative.code_decoder import Read
from tastemaker.recommenders.layers.generative.prefix_tables import PrefixTables
from tastemaker.recommenders.layers.generative.task_decoder import TaskDecoder
from tastemaker.recommenders.layers.generative.token_model import TokenModel

BLOCK = 64
"""Candidates are judged in multiples of it, so that rounding does not depend on how many were reached."""


class TaskModel(TokenModel):
    """Both tasks over one backbone.

    Args:
        decoder: reads histories, writes ids, judges candidates.
        vectors: float32[n_items, v], of the items, not trained.
        tables: the tree of the ids.
        shares: float32[n_items], log-probability of each item among those with its id.
        size: width d of the decoder's states.
        beams: per person and level.
        rank_weight: of the ranking token's log-chance beside the id's log-probability; 0: it is not asked.
        searches: float32[n_items, t], words by which each item might be searched for; None after training.
    """

    def __init__(
        self,
        decoder: TaskDecoder,
        vectors: Tensor,
        tables: PrefixTables,
        shares: Tensor,
        size: int,
        beams: int,
        rank_weight: float,
        searches: Tensor | None,
    ) -> None:
        super().__init__(decoder, vectors, tables, shares, size, beams)
        self.rank_weight = rank_weight
        self.register_buffer("searches", searches, persistent=False)
        self.searches: Tensor | None

    def search(
        self, sequences: Sequences, items: Tensor, allowed: Tensor | None, queries: Tensor | None = None
    ) -> Tensor:
        """As in every token model, after what is searched for in words, float32[b, t], zeros where nothing is."""
        read = cast(TaskDecoder, self.decoder).read(sequences, queries)
        reached = self.reach(read, allowed)
        if self.rank_weight:
            reached = reached + self.rank_weight * self._chances(read, reached, queries)
        return self.fill(reached, read, items)

    def _chances(self, read: Read, reached: Tensor, queries: Tensor | None) -> Tensor:
        """Log-chances of the items that were reached, 0 elsewhere: float32[b, n_items]."""
        most = int((reached > -torch.inf).sum(1).max())
        width = min(-(-most // BLOCK) * BLOCK, reached.shape[1])
        if read.angles is None or not width:
            return torch.zeros_like(reached)
        candidates = reached.topk(width, dim=1).indices
        real = read.real.clone()
        real[:, -1] = False  # task tokens don't see each other
        asked = None if queries is None else queries[:, None].expand(-1, width, -1)
        angles = read.angles.expand(-1, width, -1)
        fits = cast(TaskDecoder, self.decoder).fits(candidates, read.memories, real, angles, asked)
        return torch.zeros_like(reached).scatter(1, candidates, logsigmoid(fits))
