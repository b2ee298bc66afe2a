"""The step size over a run: a climb at the start, then half a cosine down."""

from __future__ import annotations

import math


def rate_share(step: int, total: int, warmup: int, final: float) -> float:
    """Which share of the highest step size is used in a step.

    Args:
        step: steps done before this one.
        total: steps of the whole run.
        warmup: steps of the climb.
        final: the share at the end; 1 keeps the step size constant after the climb.

    >>> [round(rate_share(step, total=6, warmup=2, final=0.0), 2) for step in range(6)]
    [0.5, 1.0, 1.0, 0.85, 0.5, 0.15]
    """
    if step < warmup:
        return (step + 1) / warmup
    done = min((step - warmup) / max(total - warmup, 1), 1.0)
    return final + (1 - final) * (1 + math.cos(math.pi * done)) / 2
