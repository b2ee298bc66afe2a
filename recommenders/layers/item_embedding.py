"""Items as learned vectors, one per id."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ItemEmbedding(nn.Module):
    """One trained vector per vocabulary row; the same matrix reads histories and scores items.

    Args:
        n_items: rows.
        size: width.
        sparse: give gradients for the rows used only; pays where a step uses few of them.
        unit: bring every vector to length 1, so that an item's popularity can't hide in its length.
        length: how long vectors are before training; the scores of a rare item stay near what it makes them.
    """

    def __init__(
        self, n_items: int, size: int, sparse: bool = False, unit: bool = False, length: float = 1.0
    ) -> None:
        super().__init__()
        self.sparse, self.unit = sparse, unit
        self.weight = nn.Parameter(torch.empty(n_items, size))
        nn.init.normal_(self.weight, std=length * size**-0.5)

    def forward(self, rows: Tensor) -> Tensor:
        """Vectors of the items: int64[b, l] -> float32[b, l, size]."""
        return self._scale(nn.functional.embedding(rows, self.weight, sparse=self.sparse))

    def matrix(self) -> Tensor:
        """float32[n_items, size], to score all items against a state."""
        return self._scale(self.weight)

    def _scale(self, vectors: Tensor) -> Tensor:
        return nn.functional.normalize(vectors, dim=-1) if self.unit else vectors
