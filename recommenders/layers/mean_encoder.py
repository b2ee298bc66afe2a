"""A history as the mean of its items, the later ones weighing more if so wanted."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from tastemaker.recommenders.data.history_matrix import recency_weights
from tastemaker.recommenders.data.sequences import Sequences


class MeanEncoder(nn.Module):
    """The state at a position is the direction of the mean up to it, scaled by 1 / temperature.

    Args:
        max_length: how many of the latest items are averaged.
        temperature: scores of unit items are cosines divided by it.
        half_life: an item so many items earlier weighs half as much; None: all weigh the same.
    """

    def __init__(self, max_length: int, temperature: float, half_life: float | None = None) -> None:
        super().__init__()
        weights = torch.from_numpy(recency_weights(max_length, half_life)).flip(0)  # [l], by age
        self.weights = torch.stack([weights.roll(row) for row in range(max_length)]).T.tril()  # [l, l]
        self.max_length = max_length
        self.temperature = temperature

    def forward(self, vectors: Tensor, sequences: Sequences) -> Tensor:  # noqa: ARG002 - all that is shown is causal
        """States of all positions: float32[b, l, d] -> float32[b, l, d]."""
        length = vectors.shape[1]
        return normalize(self.weights[:length, :length] @ vectors, dim=-1) / self.temperature

    def last(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        """State of each sequence's last real position: float32[b, l, d] -> float32[b, d]."""
        states: Tensor = self(vectors, sequences)
        return states[torch.arange(len(states)), sequences.lengths - 1]
