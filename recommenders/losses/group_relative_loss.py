"""Reinforcement of a token decoder by its own beams: a group per person, better than its mean or worse (GRPO).

Shao et al., "DeepSeekMath" (2024), for the objective; Kong et al., "MiniOneRec" (2025), for groups that are constrained
beams instead of samples, and for a reward that tells misses apart by how high they stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor

from tastemaker.recommenders.data.sequence_batches import TrainingBatch
from tastemaker.recommenders.layers.generative.code_decoder import Read
from tastemaker.recommenders.layers.generative.constrained_beam import constrained_beam
from tastemaker.recommenders.layers.generative.token_model import TokenModel
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.losses.ada_loss import cut_anywhere

TINY = 1e-4


@dataclass(frozen=True)
class GroupRelativeLoss:
    """-mean over tokens of exp(lp - sg lp) A - share (exp(ref - lp) - (ref - lp) - 1).

    Attributes:
        reference: the model before this stage; its distance is held against the policy.
        group: beams per person.
        share: weight of that distance.
    """

    reference: TokenModel
    group: int
    share: float

    def __call__(self, model: SequenceModel, batch: TrainingBatch) -> Tensor:
        """float32[]; of each window one place is asked about."""
        model = cast(TokenModel, model)
        sequences, target = cut_anywhere(batch)
        read = model.decoder.read(sequences)
        with torch.no_grad():
            items = self._beams(model, read)  # [b, group]
            gain = advantages(model.tables.leaf_of_item[items] == model.tables.leaf_of_item[target][:, None])
            reference = token_log_probabilities(self.reference, self.reference.decoder.read(sequences), items)
        own = token_log_probabilities(model, read, items)
        apart = (reference - own).exp() - (reference - own) - 1
        ratio = (own - own.detach()).exp()
        return -(ratio * gain[..., None] - self.share * apart).mean()

    def _beams(self, model: TokenModel, read: Read) -> Tensor:
        """One item of each of the likeliest ids, the likeliest first: int64[b, group]."""
        found = constrained_beam(
            lambda codes: model.decoder.next_logits(read, codes), model.tables, len(read.start), self.group
        )
        leaves = found.topk(min(self.group, found.shape[1]), dim=1).indices
        items = torch.zeros(model.tables.leaves, dtype=torch.int64)
        items[model.tables.leaf_of_item] = torch.arange(len(model.tables.leaf_of_item))
        return items[leaves]


def advantages(hit: Tensor) -> Tensor:
    """Rewards of ranked groups, standardised within each: bool[b, g] -> float32[b, g].

    A hit is worth 1; in a group that has one, a miss loses its share of the discounts 1 / log2(rank + 1), so that it
    is worse to stand wrongly at the top. A group without a hit teaches nothing.
    """
    discounts = 1 / torch.arange(2, hit.shape[1] + 2).float().log2()
    misses = ~hit & hit.any(1, keepdim=True)
    rewards = hit.float() - misses * discounts / discounts.sum()
    centred = rewards - rewards.mean(1, keepdim=True)
    return centred / (rewards.std(1, correction=0, keepdim=True) + TINY)


def token_log_probabilities(model: TokenModel, read: Read, items: Tensor) -> Tensor:
    """Of each code of some items over those that could stand there: int64[b, w] -> float32[b, w, levels]."""
    codes = model.decoder.tokens.codes[items]
    states = model.decoder.states(read, codes[..., :-1])
    nodes, found = torch.zeros_like(items), []
    for level in range(model.tables.levels):
        logits = model.decoder.tokens.logits(level, states[:, :, level])
        step, _ = model.tables.step(level, nodes, logits)
        found.append(step.gather(2, codes[..., level, None])[..., 0])
        nodes = model.tables.nodes[level][items]
    return torch.stack(found, dim=2)
