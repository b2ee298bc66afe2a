"""Dropout that draws eight decisions from one random number; several times faster on a CPU."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ByteDropout(nn.Module):
    """Like ``nn.Dropout``, with the share rounded to a 256th so that one random byte decides.

    Args:
        share: share of the values to drop, from 0 to below 1.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.dropped = round(share * 256)  # of the 256 values that a byte takes

    def forward(self, x: Tensor) -> Tensor:
        """Same shape; outside of training the same values."""
        if not self.training or self.dropped == 0:
            return x
        words = torch.empty(-(-x.numel() // 8), dtype=torch.int64).random_(-(2**63), None)
        draw = words.view(torch.uint8)[: x.numel()].view(x.shape)
        return x * ((draw >= self.dropped) * (256 / (256 - self.dropped)))
