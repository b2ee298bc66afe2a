"""What a reranker learns from: which candidate of a list was taken, and which ones were liked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from tastemaker.recommenders.data.list_batches import ListBatch
from tastemaker.recommenders.layers.features.feature_model import FeatureModel

Head = Literal["taken", "liked"]
TAKEN: Final = "taken"
LIKED: Final = "liked"


@dataclass(frozen=True)
class ListLoss:
    """A softmax over each list for what was taken, a binary cross-entropy for what is known to be liked or not.

    Attributes:
        heads: :data:`TAKEN`, :data:`LIKED` or both, in the order of the model's numbers.
    """

    heads: tuple[str, ...]

    def __call__(self, model: FeatureModel, batch: ListBatch) -> Tensor:
        """float32[]: the sum over heads of the mean over what is known."""
        logits = model(batch)
        loss = torch.zeros(())
        for place, head in enumerate(self.heads):
            own, target = logits[..., place], batch.targets[..., place]
            if head == TAKEN:  # it stands first
                loss = loss + cross_entropy(own, torch.zeros(len(own), dtype=torch.int64))
            elif (known := ~target.isnan()).any():
                loss = loss + binary_cross_entropy_with_logits(own[known], target[known])
        return loss
