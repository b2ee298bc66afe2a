"""Next-code objective over ids, and beside it the next item's vector, for what a beam does not reach.

The codes that could come next share the probability, in training as in the search (see
:class:`PrefixTables`). The vectors are the part of MiniOneRec's alignment of language and ids that needs no
language model: from the state before an item, the item's text or behaviour is to be told from others'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize

from tastemaker.recommenders.data.sequence_batches import TrainingBatch
from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.generative.code_decoder import CodeDecoder
from tastemaker.recommenders.layers.generative.token_decoder import TokenDecoder
from tastemaker.recommenders.layers.generative.token_model import SHARPNESS, TokenModel
from tastemaker.recommenders.layers.sequence_model import SequenceModel

RIVALS = 512
"""Of a step's targets, so many are told from each other by their vectors."""


@dataclass(frozen=True)
class TokenLoss:
    """Mean cross-entropy of the next items' codes after every history item.

    Attributes:
        share: weight of the items' vectors beside it.
        encoder: type of the decoder's matrix products.
    """

    share: float
    encoder: torch.dtype = torch.float32

    def __call__(self, model: SequenceModel, batch: TrainingBatch) -> Tensor:
        """float32[]."""
        model = cast(TokenModel, model)
        sequences = batch.sequences
        rows = append_targets(sequences, batch.targets)
        with torch.autocast("cpu", self.encoder, enabled=self.encoder != torch.float32):
            states = cast(TokenDecoder, model.decoder)(rows)
        states = states[:, 1:][sequences.real].float()  # [p, levels, d]
        return code_loss(model, states, batch.targets, self.share)


@dataclass(frozen=True)
class SetLoss:
    """Codes of some items of a window, given others of it, in no order.

    Attributes:
        share: weight of the items' vectors beside it.
        context: at most so many items are given.
        targets: at most so many are predicted per window.
        encoder: type of the decoder's matrix products.
    """

    share: float
    context: int
    targets: int
    encoder: torch.dtype = torch.float32

    def __call__(self, model: SequenceModel, batch: TrainingBatch) -> Tensor:
        """float32[]."""
        model = cast(TokenModel, model)
        given, targets, asked = self._draw(batch)
        with torch.autocast("cpu", self.encoder, enabled=self.encoder != torch.float32):
            decoder: CodeDecoder = model.decoder
            codes = decoder.tokens.codes[targets][..., :-1]  # [b, s, levels - 1]
            states = decoder.states(decoder.read(given), codes)
        return code_loss(model, states[asked].float(), targets[asked], self.share)

    def _draw(self, batch: TrainingBatch) -> tuple[Sequences, Tensor, Tensor]:
        """Histories without their targets, int64[b, s] targets, and bool[b, s] which of these count."""
        sequences = batch.sequences
        rows, lengths = append_targets(sequences, batch.targets), sequences.lengths + 1
        noise = torch.rand(rows.shape).masked_fill(torch.arange(rows.shape[1]) >= lengths[:, None], torch.inf)
        rows = rows.gather(1, noise.argsort(1))  # shuffled, padding last
        most = min(self.targets, rows.shape[1] - 1)
        asked = (lengths // 2).clamp(max=most)  # at least half of a short window is given
        targets, counted = rows[:, :most], torch.arange(most) < asked[:, None]
        left = (lengths - asked).clamp(max=self.context)
        places = asked[:, None] + torch.arange(int(left.max()))
        given = rows.gather(1, places.clamp(max=rows.shape[1] - 1))
        times = torch.zeros(given.shape, dtype=torch.float64)
        return Sequences(given, left, times, times), targets, counted


def append_targets(sequences: Sequences, targets: Tensor) -> Tensor:
    """Each window with the item after it: int64[b, l + 1].

    Args:
        sequences: b windows.
        targets: int64[p], the next item of every real position.
    """
    rows = torch.zeros(sequences.rows.shape[0], sequences.rows.shape[1] + 1, dtype=torch.int64)
    rows[:, :1] = sequences.rows[:, :1]
    rows[:, 1:][sequences.real] = targets
    return rows


def code_loss(model: TokenModel, states: Tensor, targets: Tensor, share: float) -> Tensor:
    """Of p items' codes, and their vectors among each other: float32[p, levels, d], int64[p] -> float32[]."""
    tables, tokens = model.tables, model.decoder.tokens
    codes = tokens.codes[targets]
    nodes = torch.zeros_like(targets)
    loss = torch.zeros(())
    for level in range(tables.levels):
        legal = tables.legal(level, nodes)
        logits = tokens.logits(level, states[:, level]).masked_fill(~legal, -torch.inf)
        loss = loss + cross_entropy(logits, codes[:, level])
        nodes = tables.nodes[level, targets]
    if not share:
        return loss / tables.levels
    chosen = torch.randperm(len(targets))[:RIVALS]
    rivals, own = targets[chosen].unique(return_inverse=True)  # type: ignore[no-untyped-call]
    expected = normalize(model.expect(states[chosen, 0]), dim=-1)
    apart = cross_entropy(expected @ model.items(rivals[None])[0].T / SHARPNESS, own)
    return loss / tables.levels + share * apart
