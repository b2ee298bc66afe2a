"""A history as one text: its items' tokens side by side, the latest item first, pooled to one vector (Recformer)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.sequence_model import SequenceModel
from tastemaker.recommenders.layers.token_texts.bert_block import BertBlock

KINDS = 4
RECENCY = 1.0
"""Before training, a token weighs e times as much as one of the item before."""


class TextSequenceEncoder(nn.Module):
    """Upper layers over token states; an item is a history of one.

    What is added for a token's kind and its item's place starts at zero, and tokens of one item weigh alike, so that
    before training one item's vector is that of the language model itself, its mean over tokens.

    Args:
        size: width d of the token states.
        layers, heads, inner: of the upper blocks.
        items: how many of a history are read.
    """

    def __init__(self, size: int, layers: int, heads: int, inner: int, items: int) -> None:
        super().__init__()
        self.max_length = items
        self.kind = nn.Parameter(torch.zeros(KINDS, size))
        self.place = nn.Parameter(torch.zeros(items, size))
        self.weight = nn.Parameter(torch.zeros(size))
        self.recency = nn.Parameter(-RECENCY * torch.arange(items))
        self.blocks = nn.ModuleList(BertBlock(size, heads, inner) for _ in range(layers))

    def forward(self, states: Tensor, kinds: Tensor) -> Tensor:
        """Unit vectors of b histories, the latest item first: float32[b, d].

        Args:
            states: float16[b, l, t, d], of the tokens of their items.
            kinds: int8[b, l, t]; 0 is padding.
        """
        b, length, tokens, size = states.shape
        real = (kinds > 0).view(b, length * tokens)
        x = states.float() + self.kind[kinds.long()] + self.place[:length, None]
        x = x.view(b, length * tokens, size)
        for block in self.blocks:
            x = block(x, real)
        weights = x @ self.weight + self.recency[:length].repeat_interleave(tokens)
        weights = weights.masked_fill(~real, -torch.inf).softmax(-1)
        return normalize((x * weights[..., None]).sum(1), dim=-1)


class TokenItems(nn.Module):
    """Items as their tokens, and a matrix of their vectors that only changes when it is made anew.

    Args:
        encoder: of histories, and so of items.
        states: float16[n, t, d].
        kinds: int8[n, t].
    """

    def __init__(self, encoder: TextSequenceEncoder, states: Tensor, kinds: Tensor) -> None:
        super().__init__()
        self.encoder = encoder
        self.register_buffer("states", states, persistent=False)
        self.register_buffer("kinds", kinds, persistent=False)
        self.register_buffer("vectors", torch.zeros(len(states), states.shape[-1]))
        self.states: Tensor
        self.kinds: Tensor
        self.vectors: Tensor
        self.fixed = False

    def forward(self, rows: Tensor) -> Tensor:
        """Vectors of the items as they were last made: int64[b, l] -> float32[b, l, d]."""
        return self.vectors[rows]

    def matrix(self) -> Tensor:
        """float32[n, d]: made anew where the network is in evaluation mode, unless they are fixed."""
        if not self.fixed and not self.training:
            self.vectors.copy_(self.encode_rows(torch.arange(len(self.states))))
        return self.vectors

    @torch.no_grad()
    def encode_rows(self, rows: Tensor, batch: int = 256) -> Tensor:
        """Each item read alone: int64[n] -> float32[n, d]."""
        parts = [rows[start : start + batch] for start in range(0, len(rows), batch)]
        return torch.cat(
            [self.encoder(self.states[part][:, None], self.kinds[part][:, None]) for part in parts]
        )


class TextSequenceModel(SequenceModel):
    """The encoder over the latest items' tokens; only the state after the last one is ever made.

    Args:
        items: their tokens.
        temperature: cosines are divided by it.
    """

    items: TokenItems

    def __init__(self, items: TokenItems, temperature: float) -> None:
        nn.Module.__init__(self)  # the encoder is registered once, among the items' parts
        self.items = items
        self.temperature = temperature

    @property
    def encoder(self) -> TextSequenceEncoder:  # type: ignore[override]
        """That of the items."""
        return self.items.encoder

    def last(self, sequences: Sequences) -> Tensor:
        """State after each sequence's last item, float32[b, d]."""
        age = torch.arange(sequences.rows.shape[1])
        place = sequences.lengths[:, None] - 1 - age  # the latest first
        rows = sequences.rows.gather(1, place.clamp(min=0))
        kinds = self.items.kinds[rows].masked_fill((place < 0)[..., None], 0)
        return self.read(self.items.states[rows], kinds)

    def read(self, states: Tensor, kinds: Tensor) -> Tensor:
        """State of histories by their tokens, see :class:`TextSequenceEncoder`: float32[b, d]."""
        state: Tensor = self.items.encoder(states, kinds) / self.temperature
        return state
