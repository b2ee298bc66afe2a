"""A sequence model with a door for words: text vectors mapped to where items and histories lie (RLMRec).

Ren et al., "Representation Learning with Large Language Models for Recommendation" (WWW 2024).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from tastemaker.recommenders.layers.sequence_model import Encoder, ItemRepresentation, SequenceModel
from tastemaker.recommenders.layers.word_door import WordDoor

MOMENTUM = 0.05
"""Of the running mean lengths of items and states."""


class TextDoor(nn.Module):
    """A two-layer network from text vectors to directions, and how long the vectors there are.

    Args:
        texts: width t of the text vectors.
        size: width d of items and states.
    """

    def __init__(self, texts: int, size: int) -> None:
        super().__init__()
        self.up, self.down = nn.Linear(texts, (texts + size) // 2), nn.Linear((texts + size) // 2, size)
        self.register_buffer("length", torch.ones(()))
        self.length: Tensor

    def forward(self, texts: Tensor) -> Tensor:
        """float32[n, t] -> unit float32[n, d]."""
        return normalize(self.down(nn.functional.leaky_relu(self.up(texts))), dim=-1)

    def place(self, texts: Tensor) -> Tensor:
        """Vectors as long as those they stand for are on average: float32[n, t] -> float32[n, d]."""
        placed: Tensor = self(texts) * self.length
        return placed

    @torch.no_grad()
    def watch(self, vectors: Tensor) -> None:
        """Take note of how long real vectors are, float32[n, d]."""
        self.length.lerp_(vectors.norm(dim=-1).mean(), MOMENTUM)


class AlignedModel(SequenceModel):
    """Any items and encoder, and two doors: for what is written of an item and of a person.

    Args:
        items: the representation.
        encoder: the encoder.
        texts: float32[n_items, t], not trained.
        size: width of items and states.
        masked: share of the history items that training hides and has guessed by their texts.
    """

    def __init__(
        self, items: ItemRepresentation, encoder: Encoder, texts: Tensor, size: int, masked: float
    ) -> None:
        super().__init__(items, encoder)
        self.masked = masked
        self.register_buffer("texts", texts, persistent=False)
        self.register_buffer("mean", texts.mean(0))
        self.texts: Tensor
        self.mean: Tensor
        self.of_item, self.of_person = TextDoor(texts.shape[1], size), TextDoor(texts.shape[1], size)
        self.words = WordDoor(texts.shape[1], size, len(texts))
        if masked:
            self.hidden = nn.Parameter(torch.zeros(size))
            self.to_text = nn.Sequential(
                nn.Linear(size, (texts.shape[1] + size) // 2),
                nn.LeakyReLU(),
                nn.Linear((texts.shape[1] + size) // 2, texts.shape[1]),
            )

    def of_rows(self, rows: Tensor) -> Tensor:
        """Unit vectors of what tells the items' texts apart: int64[n] -> float32[n, t]."""
        return self.centre(self.texts[rows])

    def centre(self, texts: Tensor) -> Tensor:
        """Text vectors less what all texts share: float32[n, t] -> unit float32[n, t]."""
        return normalize(texts - self.mean, dim=-1)
