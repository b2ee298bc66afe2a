"""Attention among items that also weighs what each of two items is to the person (MMGRec's relation-aware one).

Liu et al., "MMGRec: Multimodal Generative Recommendation with Transformer Model" (2024). The relation of two
items is a product of their vectors, each scaled by numbers made of the person's vector, and is added to the
plain attention. Both are products, so they are one with keys and queries side by side.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from tastemaker.recommenders.layers.transformer_block import TransformerBlock

SCALARS = 3
"""Per person: of queries, of keys and of values."""


class RelationBlock(TransformerBlock):
    """A block without an order in which everything looks at everything.

    Args:
        size: width d.
        heads: attention heads, a divisor of ``size``.
        dropout: share of activations dropped in training.
        vectors: width v of the items' own vectors; 0: plain attention.
    """

    def __init__(self, size: int, heads: int, dropout: float, vectors: int) -> None:
        super().__init__(size, heads, dropout)
        self.vectors = vectors
        if vectors:
            self.related = nn.Linear(vectors, 3 * size, bias=False)
            self.of_person = nn.Sequential(
                nn.Linear(vectors, max(vectors // 2, 1)), nn.ReLU(), nn.Linear(max(vectors // 2, 1), SCALARS)
            )

    def forward(  # type: ignore[override]
        self, x: Tensor, items: Tensor, person: Tensor, real: Tensor
    ) -> Tensor:
        """float32[b, l, d] -> float32[b, l, d].

        Args:
            x: the positions.
            items: float32[b, l, v], vectors of the items there.
            person: float32[b, v].
            real: bool[b, l], False on padding.
        """
        if not self.vectors:
            return super().forward(x, real)
        normed = self.norm_attention(x)
        key, value = self.key_value(normed).chunk(2, dim=-1)
        scale = self.of_person(person)[:, None, :, None]  # [b, 1, 3, 1]
        more = self.related(items).unflatten(2, (SCALARS, -1)) * scale  # [b, l, 3, d]
        parts = (self.query(normed), key, value + more[:, :, 2])
        query, key, value = (self._split(part) for part in parts)
        query = torch.cat([query, self._split(more[:, :, 0])], dim=3)
        key = torch.cat([key, self._split(more[:, :, 1])], dim=3)
        found = scaled_dot_product_attention(
            query, key, value, attn_mask=real[:, None, None], scale=value.shape[3] ** -0.5
        )
        return self._finish(x, found.transpose(1, 2).flatten(2))
