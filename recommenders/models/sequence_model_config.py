"""What the configs of all next-item models over histories have in common."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator
from torch import Tensor

from tastemaker.recommenders.layers.item_embedding import ItemEmbedding
from tastemaker.recommenders.losses.gbce_loss import CalibratedLoss
from tastemaker.recommenders.losses.next_item_loss import NextItemLoss
from tastemaker.recommenders.losses.sampled_softmax_loss import SampledSoftmaxLoss
from tastemaker.recommenders.losses.softmax_loss import SoftmaxLoss
from tastemaker.recommenders.training.matmul_precision import encoder_matmul, fastest_matmul
from tastemaker.recommenders.training.model_config import ModelConfig

LARGE = 20_000
"""Above so many items, a softmax over the whole catalogue costs more than it gives."""


class EncoderConfig(ModelConfig):
    """Sizes; the defaults were chosen on MovieLens-100K's validation items.

    Attributes:
        size: width of item vectors and states.
        layers: blocks of the encoder.
        heads: attention heads, a divisor of ``size``.
        max_length: how many of the latest history items are looked at.
        dropout: share of activations dropped in training.
    """

    size: int = Field(default=64, ge=1)
    layers: int = Field(default=2, ge=1)
    heads: int = Field(default=2, ge=1)
    max_length: int = Field(default=50, ge=1)
    dropout: float = Field(default=0.3, ge=0, lt=0.99)

    @model_validator(mode="after")
    def _heads_divide_size(self) -> EncoderConfig:
        if self.size % self.heads:
            raise ValueError(f"heads ({self.heads}) must divide size ({self.size})")
        return self


class NextItemConfig(EncoderConfig):
    """Sizes, and an objective that predicts the item after each position.

    Attributes:
        loss: ``softmax`` over the catalogue, ``sampled`` softmax, ``gbce``, or ``auto``: the
            first up to :data:`LARGE` items, the second above.
        unit_items: item vectors of length 1; helps where most items are rare.
        item_length: how long item vectors are before training.
        label_smoothing: for ``softmax``, share of the probability spread over the catalogue.
        negatives: for ``sampled`` and ``gbce``, items drawn per step and shared by its targets.
        rivals: for ``sampled``, how many items a target competes with in expectation; None: all.
        calibration: for ``gbce``, 0 (plain binary cross-entropy) to 1 (as if nothing were sampled).
    """

    loss: Literal["auto", "softmax", "sampled", "gbce"] = "auto"
    unit_items: bool = False
    item_length: float = Field(default=1.0, gt=0)
    label_smoothing: float = Field(default=0.0, ge=0, lt=1)
    negatives: int = Field(default=1024, ge=1)
    rivals: int | None = Field(default=None, ge=1)
    calibration: float = Field(default=0.75, ge=0, le=1)

    def samples(self, n_items: int) -> bool:
        """Whether a step scores a sample of the items only."""
        return self.loss in ("sampled", "gbce") or (self.loss == "auto" and n_items > LARGE)

    def item_embedding(self, n_items: int) -> ItemEmbedding:
        """Items as ids, with gradients as the objective makes them."""
        sparse = n_items > LARGE and self.samples(n_items)
        return ItemEmbedding(n_items, self.size, sparse, self.unit_items, self.item_length)

    def objective(self, counts: Tensor) -> NextItemLoss:
        """The loss that ``loss`` names."""
        encoder = encoder_matmul(self.size)
        if self.loss == "gbce":
            return CalibratedLoss(self.negatives, self.calibration, encoder)
        if self.samples(len(counts)):
            return SampledSoftmaxLoss.over(counts, self.negatives, encoder, self.rivals)
        return SoftmaxLoss(self.label_smoothing, fastest_matmul(), encoder)
