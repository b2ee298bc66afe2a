"""Ada-Retrieval's objective: what came next, round after round, as long as it was not shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from tastemaker.recommenders.data.sequence_batches import TrainingBatch
from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.ada_rounds import AdaModel
from tastemaker.recommenders.layers.sequence_model import SequenceModel


@dataclass(frozen=True)
class AdaLoss:
    """Softmax over the open items, the mean of all rounds that know of an earlier one."""

    def __call__(self, model: SequenceModel, batch: TrainingBatch) -> Tensor:
        """float32[]; of each window one position, drawn anew in each epoch, is asked about."""
        sequences, target = cut_anywhere(batch)
        seen = torch.where(sequences.real, sequences.rows, sequences.rows[:, :1])
        rounds = cast(AdaModel, model).rounds(sequences, seen, kept=target[:, None])
        losses = [cross_entropy(scores, target) for scores, _ in rounds]
        return torch.stack(losses[1:]).mean()


def cut_anywhere(batch: TrainingBatch) -> tuple[Sequences, Tensor]:
    """Each sequence up to a random position, and the item that came next, int64[b]."""
    whole = batch.sequences
    lengths = (torch.rand(len(whole.lengths)) * whole.lengths).long() + 1
    target = batch.targets[whole.lengths.cumsum(0) - whole.lengths + lengths - 1]
    longest = int(lengths.max())
    real = torch.arange(longest) < lengths[:, None]
    parts = (whole.rows, whole.timestamps, whole.next_timestamps)
    rows, times, after = (torch.where(real, part[:, :longest], 0) for part in parts)
    return Sequences(rows, lengths, times, after), target
