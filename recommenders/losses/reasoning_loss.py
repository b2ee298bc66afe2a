"""Next-code objective of a decoder that thinks in steps: each step has a task, the last the hardest (OnePiece)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor

from tastemaker.recommenders.data.sequence_batches import TrainingBatch
from tastemaker.recommenders.layers.generative.reasoning_decoder import ReasoningDecoder
from tastemaker.recommenders.layers.generative.token_model import TokenModel
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.losses.token_loss import append_targets, code_loss


@dataclass(frozen=True)
class ReasoningLoss:
    """The codes of all next items without reasoning, and at some places those of each step's own item.

    The paper's steps go from shown to clicked to bought. A log of one kind of event has no such ladder, so a step's
    item is one of the next few: the first step needs to know where somebody is heading, the last what comes next.

    Attributes:
        share: weight of the items' vectors beside the codes.
        asked: places per window at which the decoder thinks.
        horizons: per step, its item is drawn from so many next ones.
        encoder: type of the decoder's matrix products.
    """

    share: float
    asked: int
    horizons: Sequence[int]
    encoder: torch.dtype = torch.float32

    def __call__(self, model: SequenceModel, batch: TrainingBatch) -> Tensor:
        """float32[]."""
        model = cast(TokenModel, model)
        decoder, sequences = cast(ReasoningDecoder, model.decoder), batch.sequences
        rows = append_targets(sequences, batch.targets)
        lengths = sequences.lengths[:, None]
        known = (torch.rand(len(rows), self.asked) * lengths).long() + 1  # items before each place
        with torch.autocast("cpu", self.encoder, enabled=self.encoder != torch.float32):
            states, memories = decoder.trace(rows)
            levels = states.shape[2]
            real = torch.arange(memories[0].keys.shape[2]) < 1 + known[..., None] * levels
            thoughts = states[:, :, 0].gather(1, known[..., None].expand(-1, -1, states.shape[3]))[:, :, None]
            context, steps = decoder.context(rows, known), []
            for number, horizon in enumerate(self.horizons):
                ahead = (torch.rand(known.shape) * horizon).long()
                target = rows.gather(1, torch.minimum(known + ahead, lengths))
                codes = decoder.tokens(decoder.tokens.codes[target][..., :-1])
                codes = codes + decoder.position[known][:, :, None]
                found, _ = decoder.think(context, thoughts, number, codes, memories, real)
                thoughts = torch.cat([thoughts, found[:, :, :1]], dim=2)
                steps.append((found.flatten(0, 1).float(), target.flatten()))
        losses = [code_loss(model, states[:, 1:][sequences.real].float(), batch.targets, self.share)]
        losses += [code_loss(model, found, target, self.share) for found, target in steps]
        return torch.stack(losses).sum()
