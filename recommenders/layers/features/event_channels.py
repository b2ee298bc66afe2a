"""From a person's events to tokens of a request: their mean, or a stream that knows the time (FinTRec).

Of FinTRec (Dwivedi et al., "FinTRec: Transformer Based Unified Contextual Ads Targeting and Personalization for
Financial Applications", 2025) the dimensions are not published; periods and slopes here are our own choice.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from tastemaker.recommenders.data.sequences import Sequences

DAY = 86_400.0
PERIODS = (DAY, 7 * DAY, 30.44 * DAY, 365.25 * DAY)
"""Seconds: what people do comes back by day, week, month and year."""
PAUSE = DAY / 2
"""Seconds; events after the last longer pause are the visit that goes on."""


class Channel(nn.Module):
    """What turns events into tokens.

    Attributes:
        tokens: how many.
    """

    tokens: int

    def forward(self, vectors: Tensor, events: Sequences) -> Tensor:
        """float32[b, l, d] of events, where a length may be 0 -> float32[b, tokens, d]."""
        raise NotImplementedError


class MeanChannel(Channel):
    """One token: the mean of the events, the later ones weighing more, at a rate that is learned."""

    tokens = 1

    def __init__(self) -> None:
        super().__init__()
        self.rate = nn.Parameter(torch.tensor(-3.0))

    def forward(self, vectors: Tensor, events: Sequences) -> Tensor:
        """float32[b, l, d] -> float32[b, 1, d]; zeros without events."""
        age = events.lengths[:, None] - 1 - torch.arange(vectors.shape[1])
        weight = torch.exp(-nn.functional.softplus(self.rate) * age.clamp(min=0)) * events.real
        return _share(weight)[:, None] @ vectors


class TimedChannel(Channel):
    """Two tokens: what a causal stream of all events ends in, and the mean of the visit that goes on.

    An event's vector has its time's phases in each of :data:`PERIODS` added; attention falls with the logarithm of
    the days between, a slope per head.

    Args:
        size: width d.
        heads: attention heads, a divisor of ``size``.
    """

    tokens = 2

    def __init__(self, size: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.phases = nn.Linear(2 * len(PERIODS), size, bias=False)
        self.norm, self.project = nn.LayerNorm(size), nn.Linear(size, 3 * size)
        self.out = nn.Linear(size, size)
        self.norm_network = nn.LayerNorm(size)
        self.network = nn.Sequential(nn.Linear(size, 2 * size), nn.GELU(), nn.Linear(2 * size, size))
        self.slopes = 2.0 ** (-8 * torch.arange(1, heads + 1) / heads)

    def forward(self, vectors: Tensor, events: Sequences) -> Tensor:
        """float32[b, l, d] -> float32[b, 2, d]; zeros without events."""
        x = vectors + self.phases(phases(events.timestamps))
        query, key, value = (self._split(part) for part in self.project(self.norm(x)).chunk(3, dim=-1))
        found = scaled_dot_product_attention(query, key, value, attn_mask=self._bias(events))
        x = x + self.out(found.transpose(1, 2).flatten(2))
        x = x + self.network(self.norm_network(x))
        last = x[torch.arange(len(x)), (events.lengths - 1).clamp(min=0)]
        last = last * (events.lengths > 0)[:, None]
        visit = _share(visit_mask(events).float())[:, None] @ vectors
        return torch.cat([last[:, None], visit], dim=1)

    def _split(self, x: Tensor) -> Tensor:
        b, length, d = x.shape
        return x.view(b, length, self.heads, d // self.heads).transpose(1, 2)

    def _bias(self, events: Sequences) -> Tensor:
        """float32[b, heads, l, l]: minus infinity for what lies ahead."""
        time = events.timestamps
        days = ((time[:, :, None] - time[:, None, :]) / DAY).clamp(min=0).float()
        bias = -self.slopes[:, None, None] * torch.log1p(days)[:, None]
        ahead = torch.ones(time.shape[1], time.shape[1], dtype=torch.bool).triu(1)
        return bias.masked_fill(ahead, -math.inf)


def phases(times: Tensor) -> Tensor:
    """Where in each period a time lies, as sine and cosine: float64[...] -> float32[..., 8]; unknown times are 0."""
    angle = 2 * math.pi * (times[..., None] / torch.tensor(PERIODS, dtype=torch.float64))
    both = torch.cat([angle.sin(), angle.cos()], dim=-1)
    return (both * (times > 0)[..., None]).float()


def visit_mask(events: Sequences) -> Tensor:
    """Events after the last pause of more than :data:`PAUSE` seconds, bool[b, l].

    >>> times = torch.tensor([[0.0, 10.0, 90_000.0, 90_100.0]], dtype=torch.float64)
    >>> visit_mask(Sequences(times.long(), torch.tensor([4]), times, times)).tolist()
    [[False, False, True, True]]
    """
    time = events.timestamps
    broken = torch.zeros(time.shape, dtype=torch.bool)
    broken[:, 1:] = time.diff(dim=1) > PAUSE
    broken &= events.real
    visit = broken.cumsum(1)
    return events.real & (visit == visit.max(dim=1, keepdim=True).values)


def _share(weight: Tensor) -> Tensor:
    return weight / weight.sum(1, keepdim=True).clamp(min=1e-9)
