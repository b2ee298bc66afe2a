"""What every trained model's frozen config has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from tastemaker.recommenders.sequence_batches import TrainingBatch
from tastemaker.recommenders.sequence_model import SequenceModel

Objective = Callable[[SequenceModel, TrainingBatch], Tensor]
"""Model and batch -> loss, float32[]."""


class TrainingConfig(BaseModel):
    """How a model is trained.

    Attributes:
        epochs: at most so many passes over the data.
        patience: epochs without a better validation NDCG@10 before training ends.
        batch_size: sequences per step.
        learning_rate: AdamW's step size.
        weight_decay: AdamW's pull towards zero, on matrices only.
        clip: largest norm of a step's gradient.
        checkpoint_seconds: within an epoch, how often progress is put on disk.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: int = Field(default=100, ge=1)
    patience: int = Field(default=8, ge=1)
    batch_size: int = Field(default=64, ge=1)
    learning_rate: float = Field(default=1e-3, gt=0)
    weight_decay: float = Field(default=0.01, ge=0)
    clip: float = Field(default=1.0, gt=0)
    checkpoint_seconds: float = Field(default=60, gt=0)


class ModelConfig(BaseModel, ABC):
    """A model as a value: which parts, of which size, and how they are trained."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    training: TrainingConfig = TrainingConfig()

    @abstractmethod
    def compose(self, n_items: int) -> SequenceModel:
        """The untrained model, its item representation and its encoder put together."""

    @abstractmethod
    def objective(self) -> Objective:
        """What training minimises."""
