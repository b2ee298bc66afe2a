"""The next item by a softmax over vectors that stand still, from one place of each history."""

from __future__ import annotations

from typing import cast

from torch import Tensor
from torch.nn.functional import cross_entropy

from tastemaker.recommenders.data.sequence_batches import TrainingBatch
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.layers.token_texts.text_sequence_encoder import TextSequenceModel
from tastemaker.recommenders.losses.ada_loss import cut_anywhere


def frozen_item_loss(model: SequenceModel, batch: TrainingBatch) -> Tensor:
    """Mean of -log p of what came next, float32[]."""
    sequences, target = cut_anywhere(batch)
    own = cast(TextSequenceModel, model)
    return cross_entropy(own.last(sequences) @ own.items.vectors.T, target)
