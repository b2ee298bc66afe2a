"""Items as what is written about them: frozen text vectors through a small trained network."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, normalize

TEXT_VECTORS = "text_vectors"
"""Name of the frozen array, float32[n_items, t]."""
SAMPLE = 20_000
"""So many items tell how the directions of a catalogue's texts vary."""
WHITENED = 1e-3
"""Directions that vary less, as a share of the first, are noise."""


class TextItems(nn.Module):
    """Unit vectors from text vectors by a matrix plus a two-layer network, all that is trained.

    The matrix begins as :func:`whitening` and the network as zero, so that training starts from
    the nearness of texts and corrects it, instead of finding it again from interactions. An item
    needs none, and a wish in words goes the same way as an item's text.

    Args:
        vectors: float32[n_items, t], not trained.
        hidden: width of the network's middle.
        size: width of the item vectors.
    """

    def __init__(self, vectors: Tensor, hidden: int, size: int) -> None:
        super().__init__()
        self.register_buffer("vectors", vectors, persistent=False)
        self.vectors: Tensor
        self.straight = nn.Linear(vectors.shape[1], size)
        self.up, self.down = nn.Linear(vectors.shape[1], hidden), nn.Linear(hidden, size, bias=False)
        with torch.no_grad():
            matrix = whitening(vectors, size)
            nn.init.zeros_(self.straight.weight)[: len(matrix)] = matrix
            self.straight.bias.copy_(-self.straight.weight @ vectors[:SAMPLE].mean(0))
        nn.init.zeros_(self.down.weight)

    def forward(self, rows: Tensor) -> Tensor:
        """Vectors of the items: int64[b, l] -> float32[b, l, size]."""
        distinct, place = rows.unique(return_inverse=True)  # type: ignore[no-untyped-call]
        return self.project(self.vectors[distinct])[place]

    def matrix(self) -> Tensor:
        """float32[n_items, size]."""
        return self.project(self.vectors)

    def project(self, vectors: Tensor) -> Tensor:
        """Text vectors to item vectors: float32[n, t] -> float32[n, size]."""
        return self.constrain(self.straight(vectors) + self.down(leaky_relu(self.up(vectors))))

    def constrain(self, vectors: Tensor) -> Tensor:
        """Onto the unit sphere."""
        return normalize(vectors, dim=-1)


def whitening(vectors: Tensor, size: int) -> Tensor:
    """A matrix to the main directions in which texts differ, each made to vary equally much.

    Sentence embeddings of one catalogue crowd together, what all its texts share; without that,
    nearness tells more (Huang et al., "WhiteningBERT", 2021; UniSRec).

    Args:
        vectors: float32[n, t].
        size: of the directions wanted; there are fewer where n or t is smaller.

    Returns:
        float32[at most size, t]; after centring, its products have a length of about 1.
    """
    sample = vectors[:SAMPLE]
    centred = sample - sample.mean(0)
    _, spread, directions = torch.linalg.svd(centred, full_matrices=False)
    kept = spread[:size] > WHITENED * spread[0]
    scale = (len(centred) / kept.sum()) ** 0.5 / spread[:size][kept]
    matrix: Tensor = directions[:size][kept] * scale[:, None]
    return matrix
