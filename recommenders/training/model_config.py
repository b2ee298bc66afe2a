"""What every trained model's frozen config has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, model_validator
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.data.sequence_batches import TrainingBatch
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.retrieval.catalog.interactions import Interactions

Objective = Callable[[SequenceModel, TrainingBatch], Tensor]
"""Model and batch -> loss, float32[]."""


class TrainingConfig(BaseModel):
    """How a model is trained.

    Attributes:
        epochs: at most so many passes over the data.
        patience: epochs without a better validation NDCG@10 before training ends.
        hold_out: set everyone's last item aside to choose the epoch by; without it, the model learns from
            all of them for ``epochs`` passes, a number that an earlier training has found.
        validate_every: epochs from one validation to the next; the last epoch is always validated.
        validation_users: validate on so many users, drawn by the seed; None means all or, above
            two billion scores, fewer.
        batch_size: sequences per step.
        learning_rate: AdamW's step size, at its highest.
        warmup_steps: steps over which the step size climbs to its highest.
        final_rate: share of the step size that is left at the end of ``epochs``, reached
            along half a cosine; 1 keeps it constant.
        weight_decay: AdamW's pull towards zero, on matrices only.
        clip: largest norm of a step's gradient.
        density: share of the weights of each matrix that is in use; below 1, the file shrinks with it.
        exchange_every: below a density of 1, steps after which the weights in use are chosen anew.
        checkpoint_seconds: within an epoch, how often progress is put on disk.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: int = Field(default=100, ge=1)
    patience: int = Field(default=8, ge=1)
    hold_out: bool = True
    validate_every: int = Field(default=1, ge=1)
    validation_users: int | None = Field(default=None, ge=1)
    batch_size: int = Field(default=64, ge=1)
    learning_rate: float = Field(default=1e-3, gt=0)
    warmup_steps: int = Field(default=0, ge=0)
    final_rate: float = Field(default=1.0, ge=0, le=1)
    weight_decay: float = Field(default=0.01, ge=0)
    clip: float = Field(default=1.0, gt=0)
    density: float = Field(default=1.0, gt=0, le=1)
    exchange_every: int = Field(default=100, ge=1)
    checkpoint_seconds: float = Field(default=60, gt=0)

    @model_validator(mode="after")
    def _check_patience(self) -> TrainingConfig:
        if self.patience < self.validate_every:
            raise ValueError(
                f"patience ({self.patience}) must be at least validate_every ({self.validate_every})"
            )
        return self


class ModelConfig(BaseModel, ABC):
    """A model as a value: which parts, of which size, and how they are trained."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    training: TrainingConfig = TrainingConfig()

    @abstractmethod
    def compose(self, table: ItemTable) -> SequenceModel:
        """The untrained model, its item representation and its encoder put together."""

    @abstractmethod
    def objective(self, counts: Tensor) -> Objective:
        """What training minimises, given each item's interactions in the log, int64[n_items]."""

    def aims(self, log: Interactions) -> npt.NDArray[np.float32] | None:  # noqa: ARG002 - most are told nothing
        """For each interaction how good what it began was, float32[n, kinds]; None for models that aren't told."""
        return None
