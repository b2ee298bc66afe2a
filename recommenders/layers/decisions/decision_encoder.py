"""A causal transformer that is told which return is wished at a position (Decision Transformer, NeurIPS 2021).

The action that a state asks for is the next item, and the state is the history; so the token of a return is
added to that of the item before the action, and a sequence stays as short as a plain one. What is wished at
earlier positions is often hidden in training, since a person who asks has only wished for something now.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.causal_encoder import CausalEncoder
from tastemaker.recommenders.layers.decisions.return_tokens import BalancedReturns, TrendReturns
from tastemaker.recommenders.layers.decisions.state_codebook import StateCodebook

WINDOW = 20
"""So many of the latest items make the state that a codebook abstracts."""


class DecisionEncoder(CausalEncoder):
    """A causal encoder with wished returns, and states abstracted by a codebook where there is one.

    Args:
        size, layers, heads, max_length, dropout: see :class:`CausalEncoder`.
        returns: from wished returns to vectors.
        codebook: of states; None: none.
    """

    def __init__(
        self,
        size: int,
        layers: int,
        heads: int,
        max_length: int,
        dropout: float,
        returns: BalancedReturns | TrendReturns,
        codebook: StateCodebook | None,
    ) -> None:
        super().__init__(size, layers, heads, max_length, dropout)
        self.returns, self.codebook = returns, codebook
        self.hidden = nn.Parameter(torch.zeros(size))  # of a wish that is not known

    def forward(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        """States of all positions: float32[b, l, d] -> float32[b, l, d]."""
        return super().forward(self._with_wishes(vectors, sequences), sequences)

    def last(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        """State of each sequence's last real position: float32[b, l, d] -> float32[b, d]."""
        return super().last(self._with_wishes(vectors, sequences), sequences)

    def _with_wishes(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        history = mean_of_latest(vectors, WINDOW)
        aims = sequences.aims
        if aims is None:
            shown = torch.zeros(vectors.shape[:2], dtype=torch.bool)
            wish = self.hidden.expand_as(vectors)
        else:
            shown = ~aims.isnan().any(-1)
            if self.training:
                shown = shown & (torch.rand(shown.shape) >= torch.rand(len(shown), 1))
            wish = torch.where(shown[..., None], self.returns(aims.nan_to_num(), history), self.hidden)
        placed = vectors + wish
        if self.codebook is not None:
            placed = placed + self.codebook(history, wish, shown, sequences.real)
        return placed


def mean_of_latest(vectors: Tensor, window: int) -> Tensor:
    """At each position the mean of its own vector and those before it, at most ``window``: float32[b, l, d]."""
    sums = vectors.cumsum(1)
    sums = torch.cat([sums[:, :window], sums[:, window:] - sums[:, :-window]], dim=1)
    count = torch.arange(1, vectors.shape[1] + 1).clamp(max=window)[:, None]
    return sums / count
