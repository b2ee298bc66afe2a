"""Rotary positions of which a share turns with the clock instead of the count (SynerGen).

Su et al., "RoFormer" (2021), for the rotation. Gao et al., "SynerGen: Contextualized Generative Recommender for
Unified Search and Recommendation" (2025) says that angles come from timestamps and not how; here the periods run from
a day to four years, each as many times the one before.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

DAY = 86_400.0
FIRST_PERIOD, LAST_PERIOD = 1.0, 4 * 365.25
"""In days."""
BASE = 10_000.0


def rotary_angles(places: Tensor, seconds: Tensor, pairs: int, timed: int) -> Tensor:
    """By how much each pair of numbers turns: float32[..., pairs].

    Args:
        places: int64[...], which event of its history a token belongs to.
        seconds: float64[...], when that was, since any moment of the same history.
        pairs: of numbers in a head.
        timed: so many of them, the last ones, turn with the time.
    """
    counted = pairs - timed
    slowness = BASE ** (-torch.arange(counted) / max(counted, 1))
    periods = FIRST_PERIOD * (LAST_PERIOD / FIRST_PERIOD) ** (
        torch.arange(timed, dtype=torch.float64) / max(timed - 1, 1)
    )
    turns = (seconds[..., None] / DAY / periods) % 1  # in float64: float32 has no minutes within years
    return torch.cat([places[..., None] * slowness, 2 * math.pi * turns.float()], dim=-1)


def turn(x: Tensor, angles: Tensor) -> Tensor:
    """Rotate pairs: float32[..., 2 * pairs] by float32[..., pairs]."""
    first, second = x.chunk(2, dim=-1)
    cosine, sine = angles.cos(), angles.sin()
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=-1)
