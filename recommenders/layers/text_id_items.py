"""Items as what is written about them plus a trained vector of their own."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from tastemaker.recommenders.layers.text_items import TextItems


class TextIdItems(TextItems):
    """Unit vectors, the direction of an item's text vector and its id's vector added up.

    In training, a share of the items goes without id vectors at each step, so that the text
    alone stays good enough for items that have none.

    Args:
        vectors, hidden, size: see :class:`TextItems`.
        id_dropout: that share.
    """

    def __init__(self, vectors: Tensor, hidden: int, size: int, id_dropout: float) -> None:
        super().__init__(vectors, hidden, size)
        self.id_dropout = id_dropout
        self.ids = nn.Parameter(torch.zeros(len(vectors), size))

    def forward(self, rows: Tensor) -> Tensor:
        """Vectors of the items: int64[b, l] -> float32[b, l, size]."""
        distinct, place = rows.unique(return_inverse=True)  # type: ignore[no-untyped-call]
        return self._join(self.project(self.vectors[distinct]), self.ids[distinct])[place]

    def matrix(self) -> Tensor:
        """float32[n_items, size]."""
        return self._join(self.project(self.vectors), self.ids)

    def _join(self, texts: Tensor, ids: Tensor) -> Tensor:
        if self.training and self.id_dropout:
            ids = ids * (torch.rand(len(ids), 1) >= self.id_dropout)
        return normalize(texts + ids, dim=-1)
