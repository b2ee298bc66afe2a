"""One layer of a BERT as a trainable module, with the names that its weights have in a file."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "out": "attention.output.dense",
    "norm_attention": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm_network": "output.LayerNorm",
}
"""Own name of a part -> its name in a file."""


class BertBlock(nn.Module):
    """Attention and a two-layer network, each added to its input and normed after (Devlin et al., NAACL 2019).

    Without weights of a language model it starts as a norm: what both parts add is zero.

    Args:
        size: width d.
        heads: attention heads.
        inner: width of the network.
        epsilon: of the norms.
    """

    def __init__(self, size: int, heads: int, inner: int, epsilon: float = 1e-12) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(size, size) for _ in range(3))
        self.out = nn.Linear(size, size)
        self.up, self.down = nn.Linear(size, inner), nn.Linear(inner, size)
        self.norm_attention, self.norm_network = nn.LayerNorm(size, epsilon), nn.LayerNorm(size, epsilon)
        for last in (self.out, self.down):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def start_from(self, weights: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Take a language model's weights of one layer."""
        named = {
            f"{own}.{part}": torch.from_numpy(weights[f"{name}.{part}"].copy())
            for own, name in NAMES.items()
            for part in ("weight", "bias")
        }
        self.load_state_dict(named)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        """float32[b, t, d] -> float32[b, t, d]; looks only at what is ``real``, bool[b, t], and is zero elsewhere."""
        bias = torch.zeros(real.shape).masked_fill(~real, -math.inf)[:, None, None]  # [b, 1, 1, t]
        own = x[real]  # products cost most, and half of what histories are padded to is padding
        query, key, value = (self._split(part(own), real) for part in (self.query, self.key, self.value))
        found = scaled_dot_product_attention(query, key, value, attn_mask=bias).transpose(1, 2).flatten(2)
        own = self.norm_attention(own + self.out(found[real]))
        own = self.norm_network(own + self.down(gelu(self.up(own))))
        return _unpack(own, real)

    def _split(self, own: Tensor, real: Tensor) -> Tensor:
        x = _unpack(own, real)
        return x.view(*real.shape, self.heads, -1).transpose(1, 2)


def _unpack(own: Tensor, real: Tensor) -> Tensor:
    """float32[p, d], one row per real token -> float32[b, t, d]."""
    return own.new_zeros(*real.shape, own.shape[-1]).masked_scatter(real[..., None], own)
