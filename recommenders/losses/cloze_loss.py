"""The Cloze objective: hide some items of a history and tell them from the rest (BERT4Rec, CIKM 2019)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor

from tastemaker.recommenders.data.sequence_batches import TrainingBatch
from tastemaker.recommenders.layers.bidirectional_encoder import BidirectionalEncoder
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.losses.softmax_loss import softmax_loss


@dataclass(frozen=True)
class ClozeLoss:
    """Mean negative log-likelihood of the hidden items, by softmax over the whole catalogue.

    Attributes:
        mask_share: share of the items that is hidden.
        last_share: share of the sequences that are cut off after a random item, which alone is
            hidden: what a model is asked when it serves.
        precision: type of the matrix products with the item matrix.
        encoder: type of the encoder's matrix products.
    """

    mask_share: float
    last_share: float
    precision: torch.dtype = torch.float32
    encoder: torch.dtype = torch.float32

    def __call__(self, model: SequenceModel, batch: TrainingBatch) -> Tensor:
        """float32[], the mean over the hidden items of a batch."""
        rows, real = whole(batch)  # [b, l + 1]
        shown, masked = self.draw(real)
        encoder = cast(BidirectionalEncoder, model.encoder)
        with torch.autocast("cpu", self.encoder, enabled=self.encoder != torch.float32):
            states = encoder.fill(model.items(rows), shown, masked).float()
        return softmax_loss(states[masked], model.items.matrix(), rows[masked], precision=self.precision)

    def draw(self, real: Tensor) -> tuple[Tensor, Tensor]:
        """What may be looked at, and which items of it to hide, at least one of each sequence.

        Args:
            real: bool[b, l], False on the padding.

        Returns:
            bool[b, l], twice.
        """
        places = torch.arange(real.shape[1])
        later = (real.sum(1) - 1).clamp(min=1)  # [b], how many items have one before them
        end = (1 + (torch.rand(len(real)) * later).long())[:, None]  # [b, 1], 1 to the last place
        masked = real & (torch.rand(real.shape) < self.mask_share)
        alone = ((torch.rand(len(real)) < self.last_share) | ~masked.any(1))[:, None]
        return real & (~alone | (places <= end)), torch.where(alone, places == end, masked)


def whole(batch: TrainingBatch) -> tuple[Tensor, Tensor]:
    """The sequences with their last target: rows int64[b, l + 1], and which are real, bool[b, l + 1]."""
    lengths = batch.sequences.lengths
    rows = torch.cat([batch.sequences.rows, torch.zeros_like(lengths)[:, None]], dim=1)
    rows[torch.arange(len(rows)), lengths] = batch.targets[lengths.cumsum(0) - 1]
    return rows, torch.arange(rows.shape[1]) <= lengths[:, None]
