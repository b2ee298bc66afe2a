"""A state-space encoder that forgets faster over long pauses; linear in the history's length.

Fan et al., "TiM4Rec: An Efficient Sequential Recommendation Model Based on Time-Aware
Structured State Space Duality Model" (2024). Here the pause before an item adds to the
decay of what was known before it, which makes the mask time-aware and keeps the recurrence.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, pad, silu, softplus

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.byte_dropout import ByteDropout
from tastemaker.recommenders.layers.state_space_duality import scan
from tastemaker.recommenders.layers.time_dropout import show

KERNEL = 4
"""How many neighbouring items the short convolution before the recurrence mixes."""

CHUNK = 32


class TimeAwareEncoder(nn.Module):
    """Turns item vectors into states; the state at a position has seen it and what is before it.

    Args:
        size: width d of vectors and states.
        layers: number of layers.
        heads: recurrences with a decay of their own, a divisor of ``2 * size``.
        state: width n of the memory.
        max_length: longest sequence.
        dropout: share of activations dropped in training.
        timeless: share of the training sequences whose times are hidden, so that histories
            without times are served well too; at 1 times are never looked at.
    """

    def __init__(
        self, size: int, layers: int, heads: int, state: int, max_length: int, dropout: float, timeless: float
    ) -> None:
        super().__init__()
        self.max_length, self.timeless = max_length, timeless
        self.layers = nn.ModuleList(TimeAwareLayer(size, heads, state, dropout) for _ in range(layers))
        self.norm_in, self.norm_out = nn.LayerNorm(size), nn.LayerNorm(size)
        self.drop = ByteDropout(dropout)

    def forward(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        """States of all positions: float32[b, l, d] -> float32[b, l, d]."""
        x, pause = self.norm_in(self.drop(vectors)), self._pauses(sequences)
        for layer in self.layers:
            x = layer(x, pause)
        normed: Tensor = self.norm_out(x)
        return normed

    def last(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        """State of each sequence's last real position: float32[b, l, d] -> float32[b, d]."""
        states: Tensor = self(vectors, sequences)
        return states[torch.arange(len(states)), sequences.lengths - 1]

    def _pauses(self, sequences: Sequences) -> Tensor:
        visible = show(len(sequences.lengths), self.timeless, self.training)
        return log_pauses(sequences.timestamps * visible)


class TimeAwareLayer(nn.Module):
    """The recurrence with a gate, then a two-layer network, each normed before and added to its input."""

    def __init__(self, size: int, heads: int, state: int, dropout: float) -> None:
        super().__init__()
        inner = 2 * size
        self.parts = [inner, inner + 2 * state, heads]
        self.heads, self.state = heads, state
        self.norm, self.norm_network = nn.LayerNorm(size), nn.LayerNorm(size)
        self.project = nn.Linear(size, sum(self.parts), bias=False)
        self.mix = nn.Conv1d(inner + 2 * state, inner + 2 * state, KERNEL, groups=inner + 2 * state)
        self.step = nn.Parameter(_spread_steps(heads))  # before softplus
        self.rate = nn.Parameter(torch.arange(1.0, heads + 1).log())  # log of each head's forgetting
        self.by_pause = nn.Parameter(torch.full((heads,), -4.0))  # before softplus: little at first
        self.skip = nn.Parameter(torch.ones(heads, 1))
        self.norm_gated = nn.RMSNorm(inner)
        self.out = nn.Linear(inner, size, bias=False)
        self.up, self.down = nn.Linear(size, 4 * size), nn.Linear(4 * size, size)
        self.drop = ByteDropout(dropout)

    def forward(self, x: Tensor, pause: Tensor) -> Tensor:
        """All positions.

        Args:
            x: float32[b, l, d].
            pause: float32[b, l], log of the time before each item.
        """
        x = x + self.drop(self._remember(self.norm(x), pause))
        network: Tensor = self.down(gelu(self.up(self.norm_network(x))))
        grown: Tensor = x + self.drop(network)
        return grown

    def _remember(self, x: Tensor, pause: Tensor) -> Tensor:
        gate, mixed, step = torch.split(self.project(x), self.parts, dim=-1)
        mixed = silu(self.mix(pad(mixed.transpose(1, 2), (KERNEL - 1, 0))).transpose(1, 2))
        inputs, write, read = torch.split(mixed, [self.parts[0], self.state, self.state], dim=-1)
        inputs = inputs.reshape(*inputs.shape[:2], self.heads, -1)  # [b, l, h, p]
        step = softplus(step + self.step)  # [b, l, h]
        decay = -self.rate.exp() * (step + softplus(self.by_pause) * pause[..., None])
        found = scan(inputs * step[..., None], decay, write, read, CHUNK) + self.skip * inputs
        remembered: Tensor = self.out(self.norm_gated(found.flatten(2) * silu(gate)))
        return remembered


def log_pauses(timestamps: Tensor) -> Tensor:
    """Log of one plus the seconds since the item before, float64[b, l] -> float32[b, l]; 0 where unknown."""
    earlier, later = timestamps[:, :-1], timestamps[:, 1:]
    seconds = (later - earlier).clamp(min=0) * ((earlier != 0) & (later != 0))
    return pad(seconds, (1, 0)).log1p().float()


def _spread_steps(heads: int) -> Tensor:
    """Inverse softplus of steps from 0.001 to 0.1, evenly spread in the logarithm."""
    steps = torch.linspace(math.log(1e-3), math.log(1e-1), heads).exp()
    return steps + (-(-steps).expm1()).log()
