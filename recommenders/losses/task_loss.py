"""Retrieval and ranking in one pass over a history: next codes, and candidates told from drawn ones (SynerGen)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

from tastemaker.recommenders.data.sequence_batches import TrainingBatch
from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.generative.task_decoder import TaskDecoder
from tastemaker.recommenders.layers.generative.task_model import TaskModel
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.losses.token_loss import append_targets, code_loss


@dataclass(frozen=True)
class TaskLoss:
    """The codes of all next items, and at some places both tasks, with and without a search in words.

    The ranking token's part is binary cross-entropy plus a pairwise loss, both of weight 1; the paper's weights and
    number of negatives are not known.

    Attributes:
        share: weight of the items' vectors beside the codes.
        asked: places per window at which tasks are set.
        searched: share of the places where words of the item that comes next are searched for.
        negatives: items drawn per place that the ranking token is to turn down.
        encoder: type of the decoder's matrix products.
    """

    share: float
    asked: int
    searched: float
    negatives: int
    encoder: torch.dtype = torch.float32

    def __call__(self, model: SequenceModel, batch: TrainingBatch) -> Tensor:
        """float32[]."""
        model = cast(TaskModel, model)
        decoder, sequences = cast(TaskDecoder, model.decoder), batch.sequences
        rows, lengths = append_targets(sequences, batch.targets), sequences.lengths[:, None]
        levels = decoder.tokens.levels
        # items before each place; none at some, since people also search before they took anything
        known = (torch.rand(len(rows), self.asked) * (lengths + 1)).long()
        targets = rows.gather(1, known)
        queries = self._queries(model, targets)
        with torch.autocast("cpu", self.encoder, enabled=self.encoder != torch.float32):
            states, memories = decoder.history(_with_target(sequences, rows))
            real = torch.arange(states.shape[1]) < 1 + known[..., None] * levels
            angles = decoder.next_angles(sequences, known)
            kind = decoder.retrieve.expand(*known.shape, -1)
            codes = decoder.tokens(decoder.tokens.codes[targets][..., :-1])
            begun = torch.cat([decoder.task(kind, queries)[:, :, None], codes], dim=2)
            found, _ = decoder.follow(begun, memories, real, angles)
            drawn = torch.randint(len(model.shares), (*targets.shape, self.negatives))
            candidates = torch.cat([targets[..., None], drawn], dim=2)
            wide = candidates.shape[2]
            fits = decoder.fits(
                candidates.flatten(1),
                memories,
                real.repeat_interleave(wide, dim=1),
                angles.repeat_interleave(wide, dim=1),
                None if queries is None else queries.repeat_interleave(wide, dim=1),
            )
        every = states[:, :-1].view(len(rows), -1, levels, states.shape[2])[:, 1:][sequences.real].float()
        return (
            code_loss(model, every, batch.targets, self.share)
            + code_loss(model, found.flatten(0, 1).float(), targets.flatten(), self.share)
            + rank_loss(fits.float().view(candidates.shape))
        )

    def _queries(self, model: TaskModel, targets: Tensor) -> Tensor | None:
        """float32[b, w, t], zeros where nothing is searched for."""
        if model.searches is None:
            return None
        asked = torch.rand(targets.shape) < self.searched
        return model.searches[targets] * asked[..., None]


def rank_loss(fits: Tensor) -> Tensor:
    """Logits of candidates of which each place's first is the right one: float32[..., 1 + negatives] -> float32[]."""
    right = torch.zeros_like(fits)
    right[..., 0] = 1
    pairs = softplus(fits[..., 1:] - fits[..., :1])
    return binary_cross_entropy_with_logits(fits, right) + pairs.mean()


def _with_target(sequences: Sequences, rows: Tensor) -> Sequences:
    """Each window with the item after it, and when that was taken."""
    times = torch.cat([sequences.timestamps[:, :1], sequences.next_timestamps], dim=1)
    return Sequences(rows, sequences.lengths + 1, times, torch.zeros_like(times))
