"""Item representation + encoder = a model that scores the catalogue after a history."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor, nn

from tastemaker.recommenders.data.sequences import Sequences


class ItemRepresentation(Protocol):
    """How items become vectors: by id, by text, by attributes."""

    def __call__(self, rows: Tensor) -> Tensor:
        """int64[b, l] -> float32[b, l, d]."""

    def matrix(self) -> Tensor:
        """float32[n_items, d]."""


class Encoder(Protocol):
    """How a history's vectors become states."""

    max_length: int

    def __call__(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        """float32[b, l, d] -> float32[b, l, d]."""

    def last(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        """float32[b, l, d] -> float32[b, d], the state after each sequence's last item."""


class SequenceModel(nn.Module):
    """The two parts that are trained together; the objective is a third, outside.

    Attributes:
        linear: whether scores are products of states and item vectors.
    """

    linear = True

    def __init__(self, items: ItemRepresentation, encoder: Encoder) -> None:
        super().__init__()
        self.items = items
        self.encoder = encoder

    def forward(self, sequences: Sequences) -> Tensor:
        """States of all positions, float32[b, l, d]."""
        return self.encoder(self.items(sequences.rows), sequences)

    def last(self, sequences: Sequences) -> Tensor:
        """State after each sequence's last item, float32[b, d]."""
        return self.encoder.last(self.items(sequences.rows), sequences)

    def scores(self, sequences: Sequences, items: Tensor) -> Tensor:
        """Of all items after each sequence, float32[b, n_items], given the items' matrix."""
        return self.score(self.last(sequences), items)

    def score(self, states: Tensor, items: Tensor) -> Tensor:
        """Of all items in each state, float32[b, n_items], given the items' matrix."""
        return states @ items.T


def encode(model: SequenceModel, sequences: Sequences, precision: torch.dtype) -> Tensor:
    """States of all positions, float32[b, l, d], with the encoder's matrix products in ``precision``."""
    with torch.autocast("cpu", precision, enabled=precision != torch.float32):
        states: Tensor = model(sequences)
    return states.float()
