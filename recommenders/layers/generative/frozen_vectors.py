"""Items as vectors that are not trained: those that their ids are cut from."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize


class FrozenVectors(nn.Module):
    """Unit vectors of the items.

    Args:
        vectors: float32[n_items, v].
    """

    def __init__(self, vectors: Tensor) -> None:
        super().__init__()
        self.register_buffer("vectors", normalize(vectors, dim=-1), persistent=False)
        self.vectors: Tensor

    def forward(self, rows: Tensor) -> Tensor:
        """int64[b, l] -> float32[b, l, v]."""
        return self.vectors[rows]

    def matrix(self) -> Tensor:
        """float32[n_items, v]."""
        return torch.as_tensor(self.vectors)
