"""Items as what is written about them: frozen text vectors through a small trained network."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import leaky_relu, normalize

TEXT_VECTORS = "text_vectors"
"""Name of the frozen array, float32[n_items, t]."""


class TextItems(nn.Module):
    """Unit vectors from text vectors by a two-layer network, the only thing that is trained.

    An item needs no interactions, and a wish in words goes the same way as an item's text.

    Args:
        vectors: float32[n_items, t], not trained.
        hidden: width of the network's middle.
        size: width of the item vectors.
    """

    def __init__(self, vectors: Tensor, hidden: int, size: int) -> None:
        super().__init__()
        self.register_buffer("vectors", vectors, persistent=False)
        self.vectors: Tensor
        self.up, self.down = nn.Linear(vectors.shape[1], hidden), nn.Linear(hidden, size)

    def forward(self, rows: Tensor) -> Tensor:
        """Vectors of the items: int64[b, l] -> float32[b, l, size]."""
        distinct, place = rows.unique(return_inverse=True)  # type: ignore[no-untyped-call]
        return self.project(self.vectors[distinct])[place]

    def matrix(self) -> Tensor:
        """float32[n_items, size]."""
        return self.project(self.vectors)

    def project(self, vectors: Tensor) -> Tensor:
        """Text vectors to item vectors: float32[n, t] -> float32[n, size]."""
        return self.shaped(self.down(leaky_relu(self.up(vectors))))

    def shaped(self, vectors: Tensor) -> Tensor:
        """Onto the unit sphere."""
        return normalize(vectors, dim=-1)
