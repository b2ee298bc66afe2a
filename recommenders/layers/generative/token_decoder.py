"""A history as one sequence of code tokens, a causal language model over ids (TIGER, MiniOneRec)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.generative.code_decoder import CodeDecoder, Read
from tastemaker.recommenders.layers.generative.code_tokens import CodeTokens
from tastemaker.recommenders.layers.generative.memory_block import Memory


class TokenDecoder(CodeDecoder):
    """Begin, then the codes of the first item, of the second, and so on; each token predicts the next.

    A token is its code's vector plus that of its item's place in the sequence.

    Args:
        tokens: the codes.
        size: width d.
        layers: number of blocks.
        heads: attention heads, a divisor of ``size``.
        max_length: latest history items that are looked at.
        dropout: share of activations dropped in training.
    """

    def __init__(
        self, tokens: CodeTokens, size: int, layers: int, heads: int, max_length: int, dropout: float
    ) -> None:
        super().__init__(tokens, size, layers, heads, max_length, dropout)
        self.position = nn.Parameter(torch.empty(max_length + 1, size))
        self.begin = nn.Parameter(torch.empty(size))
        nn.init.normal_(self.position, std=0.02)
        nn.init.normal_(self.begin, std=size**-0.5)

    def forward(self, rows: Tensor) -> Tensor:
        """States that predict the codes of all items: int64[b, l] -> float32[b, l, levels, d]."""
        return self.trace(rows)[0]

    def trace(self, rows: Tensor) -> tuple[Tensor, list[Memory]]:
        """States that predict the codes of all items, float32[b, l, levels, d], and what each block remembers of them.

        Args:
            rows: int64[b, l].
        """
        b, length = rows.shape
        x, memories = self._sequence(rows)[:, :-1], []  # after the last code nothing is predicted
        for block in self.blocks:
            memories.append(block.remember(x))  # type: ignore[operator]
            x = block(x)
        normed: Tensor = self.norm(x)
        return normed.view(b, length, self.tokens.levels, -1), memories

    def read(self, sequences: Sequences) -> Read:
        """Keys and values of all tokens, and the state after each history's last."""
        x, memories = self._sequence(sequences.rows), []
        for number, block in enumerate(self.blocks):
            memories.append(block.remember(x))  # type: ignore[operator]
            if number + 1 < len(self.blocks):
                x = block(x)
        tokens = 1 + sequences.lengths * self.tokens.levels
        real = torch.arange(x.shape[1]) < tokens[:, None]
        last = self.blocks[-1].at(x, tokens - 1, real)  # type: ignore[operator]
        return Read(memories, real, self.norm(last), sequences.lengths)

    def place(self, codes: Tensor, read: Read) -> Tensor:
        """The next item's place."""
        placed: Tensor = self.tokens(codes) + self.position[read.place][:, None, None]
        return placed

    def _sequence(self, rows: Tensor) -> Tensor:
        """int64[b, l] -> float32[b, 1 + l * levels, d]."""
        items = self.tokens(self.tokens.codes[rows]) + self.position[: rows.shape[1], None]
        begin = self.begin.expand(len(rows), 1, -1)
        x: Tensor = self.drop(torch.cat([begin, items.flatten(1, 2)], dim=1))
        return x
