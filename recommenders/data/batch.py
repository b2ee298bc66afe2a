"""What the training loop needs of a batch, whatever is in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from torch import Tensor


class Batch(Protocol):
    """Some examples and their targets."""

    @property
    def targets(self) -> Tensor:
        """What is to be predicted, as many as the loss is a mean over."""

    def __len__(self) -> int:
        """Examples."""

    def only(self, own: Tensor) -> Batch:
        """Some of the examples, bool[b]."""


class Batches(Protocol):
    """Training data, dealt out epoch by epoch."""

    def __len__(self) -> int:
        """Batches in an epoch."""

    def epoch(self, random: np.random.Generator) -> Iterator[Batch]:
        """One pass; equal generators give equal batches."""
