"""Codes as tokens: one trained vector per code and level, which both reads ids and predicts them."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tastemaker.recommenders.layers.code_items import start_rows


class CodeTokens(nn.Module):
    """Embedding and output layer of the codes.

    Args:
        codes: int64[n_items, levels], not trained.
        count: values per level.
        size: width d.
        start: float32[levels, count, at most d], what the codes stand for, which their vectors begin as; None:
            at random.
    """

    def __init__(self, codes: Tensor, count: int, size: int, start: Tensor | None = None) -> None:
        super().__init__()
        self.levels, self.count = codes.shape[1], count
        self.register_buffer("codes", codes, persistent=False)
        self.codes: Tensor
        self.table = nn.Parameter(torch.empty(self.levels, count, size))
        nn.init.normal_(self.table, std=size**-0.5)
        if start is not None:
            with torch.no_grad():
                self.table.copy_(start_rows(start, size))

    def forward(self, codes: Tensor) -> Tensor:
        """Vectors of an id's first k codes: int64[..., k] -> float32[..., k, d]."""
        levels = torch.arange(codes.shape[-1]) * self.count
        return nn.functional.embedding(codes + levels, self.table.flatten(0, 1))

    def logits(self, level: int, states: Tensor) -> Tensor:
        """Of the codes of a level: float32[..., d] -> float32[..., count]."""
        return states @ self.table[level].T
