"""Teaching a time-aware encoder to do without times: in training, some histories' times are hidden."""

from __future__ import annotations

import torch
from torch import Tensor

ALWAYS = 1.0


def show(sequences: int, timeless: float, training: bool) -> Tensor:
    """Which sequences show their times: float64[b, 1], 1 or 0, to multiply the times with.

    Args:
        sequences: b.
        timeless: share of the training sequences that don't; at 1 none ever does, in or out of training.
        training: whether the model is being trained.
    """
    if timeless >= ALWAYS:
        return torch.zeros(sequences, 1, dtype=torch.float64)
    if not training or timeless == 0:
        return torch.ones(sequences, 1, dtype=torch.float64)
    return (torch.rand(sequences, 1) >= timeless).double()
