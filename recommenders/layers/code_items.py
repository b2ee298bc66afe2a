"""Items as the sum of their codes' vectors: a table of codes, however many items there are."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding_bag


class CodeItems(nn.Module):
    """A trained vector per code and level; an item is the sum of those in its id.

    Args:
        codes: int[n_items, levels], not trained.
        count: values per level.
        size: width d.
        start: float32[levels, count, at most d], what the codes stand for, which the vectors begin as, so that
            items that are alike are near before training; None: at random.
    """

    def __init__(
        self,
        codes: Tensor,
        count: int,
        size: int,
        start: Tensor | None = None,
        vectors: Tensor | None = None,
    ) -> None:
        super().__init__()
        self.levels, self.count = codes.shape[1], count
        self.register_buffer("places", codes.long() + count * torch.arange(self.levels), persistent=False)
        self.places: Tensor  # int64[n_items, levels], rows of the table
        self.table = nn.Parameter(torch.empty(self.levels * count, size))
        if start is None:
            nn.init.normal_(self.table, std=size**-0.5)
        else:
            with torch.no_grad():
                self.table.copy_(start_rows(start, size).flatten(0, 1))
        self.register_buffer("vectors", vectors, persistent=False)
        self.vectors: Tensor | None
        if vectors is not None:
            self.bring_in = nn.Linear(vectors.shape[1], size, bias=False)
            nn.init.zeros_(self.bring_in.weight)

    def forward(self, rows: Tensor) -> Tensor:
        """Vectors of the items: int64[b, l] -> float32[b, l, size]."""
        summed = self._sum(self.places[rows.flatten()]).view(*rows.shape, -1)
        return summed if self.vectors is None else summed + self.bring_in(self.vectors[rows])

    def matrix(self) -> Tensor:
        """float32[n_items, size]."""
        return self._sum(self.places)

    def _sum(self, places: Tensor) -> Tensor:
        summed: Tensor = embedding_bag(places, self.table, mode="sum") * float(self.levels) ** -0.5
        return summed


def start_rows(start: Tensor, size: int) -> Tensor:
    """What codes stand for as rows about as long as random ones: float32[levels, count, w] -> [levels, count, size]."""
    padded = nn.functional.pad(start, (0, size - start.shape[2]))
    rows: Tensor = padded * float(len(start)) ** 0.5
    return rows
