"""Any next-item objective, and beside it texts and vectors told to be near (RLMRec, WWW 2024)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize

from tastemaker.recommenders.data.sequence_batches import TrainingBatch
from tastemaker.recommenders.layers.aligned_model import AlignedModel
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.losses.next_item_loss import NextItemLoss

MAX_ITEMS = 512
"""Of a step's items, so many are aligned."""


@dataclass(frozen=True)
class AlignedLoss:
    """The base objective plus a share of the alignment of items and of persons.

    A person's profile is the mean of the texts of some history items: what a profile would be written from.
    It never holds the item that comes next.

    Attributes:
        base: the objective.
        share: weight of the alignment.
        temperature: of its cosines.
    """

    base: NextItemLoss
    share: float
    temperature: float

    def __call__(self, model: SequenceModel, batch: TrainingBatch) -> Tensor:
        """float32[]."""
        model = cast(AlignedModel, model)
        sequences = batch.sequences
        vectors, real = model.items(sequences.rows), sequences.real
        hidden = real & (torch.rand(real.shape) < model.masked) if model.masked else None
        if hidden is not None:
            vectors = torch.where(hidden[..., None], model.hidden, vectors)
        with torch.autocast("cpu", self.base.encoder, enabled=self.base.encoder != torch.float32):
            states = model.encoder(vectors, sequences)
        states = states.float()
        loss = self.base.on(model, states[real], batch.targets)
        items = batch.targets.unique()  # type: ignore[no-untyped-call]
        items = items[torch.randperm(len(items))[:MAX_ITEMS]]
        aligned = self._persons(model, states, sequences.rows, real) + self._items(model, items)
        if hidden is not None and hidden.any():
            guessed = model.to_text(states[hidden])
            aligned = aligned + contrast(guessed, model.of_rows(sequences.rows[hidden]), self.temperature)
        return loss + self.share * aligned

    def _items(self, model: AlignedModel, rows: Tensor) -> Tensor:
        vectors = model.items(rows[None])[0]
        model.of_item.watch(vectors)
        return contrast(vectors, model.of_item(model.of_rows(rows)), self.temperature)

    def _persons(self, model: AlignedModel, states: Tensor, rows: Tensor, real: Tensor) -> Tensor:
        chosen = real & (torch.rand(real.shape) < torch.rand(len(real), 1))
        chosen[:, 0] |= ~chosen.any(1)
        row, column = chosen.nonzero(as_tuple=True)
        texts = model.of_rows(rows[row, column])
        sums = torch.zeros(len(rows), texts.shape[1]).index_add_(0, row, texts)
        last = states[torch.arange(len(states)), real.sum(1) - 1]
        model.of_person.watch(last)
        return contrast(last, model.of_person(normalize(sums, dim=-1)), self.temperature)


def contrast(vectors: Tensor, others: Tensor, temperature: float) -> Tensor:
    """InfoNCE: each vector has its own other, those of the rest are wrong; float32[n, d] twice -> float32[].

    Args:
        vectors: float32[n, d].
        others: float32[n, d].
        temperature: of the cosines.
    """
    cosines = normalize(vectors, dim=-1) @ normalize(others, dim=-1).T
    return cross_entropy(cosines / temperature, torch.arange(len(vectors)))
