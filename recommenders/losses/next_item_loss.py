"""What all objectives that predict the item after each position share."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor

from tastemaker.recommenders.data.sequence_batches import TrainingBatch
from tastemaker.recommenders.layers.sequence_model import SequenceModel, encode


class NextItemLoss(ABC):
    """Encodes a batch and hands on the states of real positions only, so padding costs no scores.

    Attributes:
        encoder: type of the encoder's matrix products; what is added up along it is float32.
    """

    encoder: torch.dtype

    def __call__(self, model: SequenceModel, batch: TrainingBatch) -> Tensor:
        """float32[], the mean over the p targets of a batch."""
        states = encode(model, batch.sequences, self.encoder)[batch.sequences.real]  # [p, d]
        return self.on(model, states, batch.targets)

    @abstractmethod
    def on(self, model: SequenceModel, states: Tensor, targets: Tensor) -> Tensor:
        """The loss of states float32[p, d] against targets int64[p]: float32[]."""
