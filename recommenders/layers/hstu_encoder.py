"""HSTU: attention without softmax, gated, that knows how long ago each item was.

Zhai et al., "Actions Speak Louder than Words: Trillion-Parameter Sequential Transducers
for Generative Recommendations" (ICML 2024).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, layer_norm, silu

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.byte_dropout import ByteDropout
from tastemaker.recommenders.layers.time_dropout import show

BUCKETS = 64
"""Kinds of time difference; the last begins at 1.35^62 s, some four years. One more is for the unknown."""

GROWTH = math.log(1.35)


class HSTUEncoder(nn.Module):
    """Turns item vectors into states; the state at a position has seen it and what is before it.

    Each weight knows two distances: in positions, and in time from the earlier item to the
    moment for which the state predicts, which is when the next item was taken or is asked for.

    Args:
        size: width d of vectors and states.
        layers: number of layers.
        heads: attention heads, a divisor of ``size``.
        max_length: longest sequence.
        dropout: share of activations dropped in training.
        timeless: share of the training sequences whose times are hidden, so that histories
            without times are served well too; at 1 times are never looked at.
    """

    def __init__(
        self, size: int, layers: int, heads: int, max_length: int, dropout: float, timeless: float
    ) -> None:
        super().__init__()
        self.max_length = max_length
        self.timeless = timeless
        self.position = nn.Parameter(torch.empty(max_length, size))
        nn.init.normal_(self.position, std=0.02)
        self.layers = nn.ModuleList(HSTULayer(size, heads, max_length, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(size)
        self.drop = ByteDropout(dropout)

    def forward(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        """States of all positions: float32[b, l, d] -> float32[b, l, d]."""
        x, bucket = self._add_positions(vectors), time_buckets(self._times(sequences))
        for layer in self.layers:
            x = layer(x, bucket)
        normed: Tensor = self.norm(x)
        return normed

    def last(self, vectors: Tensor, sequences: Sequences) -> Tensor:
        """State of each sequence's last real position: float32[b, l, d] -> float32[b, d]."""
        states = self(vectors, sequences)
        last: Tensor = states[torch.arange(len(states)), sequences.lengths - 1]
        return last

    def _add_positions(self, vectors: Tensor) -> Tensor:
        placed: Tensor = self.drop(vectors + self.position[: vectors.shape[1]])
        return placed

    def _times(self, sequences: Sequences) -> tuple[Tensor, Tensor]:
        visible = show(len(sequences.lengths), self.timeless, self.training)
        return sequences.timestamps * visible, sequences.next_timestamps * visible


class HSTULayer(nn.Module):
    """One step: project, attend point by point, gate, add."""

    def __init__(self, size: int, heads: int, max_length: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.max_length = heads, max_length
        self.norm = nn.LayerNorm(size)
        self.project = nn.Linear(size, 4 * size, bias=False)
        self.out = nn.Linear(size, size)
        self.by_position = nn.Parameter(torch.empty(max_length))  # how far back, in positions
        self.by_time = nn.Parameter(torch.empty(BUCKETS + 1, 1))
        nn.init.normal_(self.by_position, std=0.02)
        nn.init.normal_(self.by_time, std=0.02)
        self.drop = ByteDropout(dropout)

    def forward(self, x: Tensor, bucket: Tensor) -> Tensor:
        """All positions.

        Args:
            x: float32[b, l, d].
            bucket: int64[b, l, l], see :func:`time_buckets`.
        """
        gate, value, query, key = silu(self.project(self.norm(x))).chunk(4, dim=-1)  # [b, l, d] each
        query, key, value = self._split(query), self._split(key), self._split(value)
        weights = silu(query @ key.transpose(2, 3) + self._bias(bucket)) / self.max_length
        seen = weights.tril() @ value  # [b, heads, l, d / heads]
        seen = seen.transpose(1, 2).flatten(2)
        grown: Tensor = x + self.out(self.drop(layer_norm(seen, seen.shape[-1:]) * gate))
        return grown

    def _bias(self, bucket: Tensor) -> Tensor:
        steps = torch.arange(bucket.shape[1])
        back = (steps[:, None] - steps).clamp_(min=0)
        by_time = embedding(bucket, self.by_time)[..., 0]  # [b, l, l]
        return (by_time + self.by_position[back])[:, None]

    def _split(self, x: Tensor) -> Tensor:
        b, length, d = x.shape
        return x.view(b, length, self.heads, d // self.heads).transpose(1, 2)


def time_buckets(times: tuple[Tensor, Tensor]) -> Tensor:
    """Which kind of time lies between each item and the moment that each position predicts for.

    Args:
        times: when the items were taken and when each was followed by the next, both
            float64[b, l] in seconds, 0 where unknown.

    Returns:
        int64[b, l, l]: [i, j, k] is for prediction j and item k; logarithmic, ``BUCKETS`` where unknown.
    """
    taken, after = times
    passed = (after[:, :, None] - taken[:, None, :]).clamp_(min=0).float()
    bucket = (passed.log1p_() / GROWTH).long().clamp_(max=BUCKETS - 1)
    unknown = (after == 0)[:, :, None] | (taken == 0)[:, None, :]
    return bucket.masked_fill_(unknown, BUCKETS)
