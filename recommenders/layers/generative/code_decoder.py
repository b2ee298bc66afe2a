"""How ids are written after a history; the decoders differ in how they read that."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor, nn

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.byte_dropout import ByteDropout
from tastemaker.recommenders.layers.generative.code_tokens import CodeTokens
from tastemaker.recommenders.layers.generative.memory_block import Memory, MemoryBlock


class Read(NamedTuple):
    """A history as a decoder keeps it.

    Attributes:
        memories: of each block.
        real: bool[b, m], which of the tokens remembered are no padding.
        start: float32[b, d], the state that predicts the first code.
        place: int64[b], the place of the item that comes next; 0 where places don't count.
        angles: float32[b, 1, pairs], by which its tokens turn; None where positions are no rotations.
    """

    memories: list[Memory]
    real: Tensor
    start: Tensor
    place: Tensor
    angles: Tensor | None = None


class CodeDecoder(nn.Module, ABC):
    """Blocks over code tokens; a subclass says how the history comes before them.

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
        super().__init__()
        self.tokens, self.max_length = tokens, max_length
        self.blocks = nn.ModuleList(MemoryBlock(size, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(size)
        self.drop = ByteDropout(dropout)

    @abstractmethod
    def read(self, sequences: Sequences) -> Read:
        """The histories, once for all that may follow."""

    @abstractmethod
    def place(self, codes: Tensor, read: Read) -> Tensor:
        """Code tokens with where they stand, int64[b, w, k] -> float32[b, w, k, d]."""

    def states(self, read: Read, codes: Tensor) -> Tensor:
        """What predicts the codes of w ids each, the one after those given as well.

        Args:
            read: the histories.
            codes: int64[b, w, k], the first k codes of the ids.

        Returns:
            float32[b, w, k + 1, d].
        """
        start = read.start[:, None, None].expand(-1, codes.shape[1], -1, -1)
        if not codes.shape[2]:
            return start
        x = self.drop(self.place(codes, read))
        angles = None if read.angles is None else read.angles.expand(-1, codes.shape[1], -1)
        for block, memory in zip(self.blocks, read.memories, strict=True):
            x = block.follow(x, memory, read.real, angles)  # type: ignore[operator]
        return torch.cat([start, self.norm(x)], dim=2)

    def next_logits(self, read: Read, codes: Tensor) -> Tensor:
        """Of the code after the first k: int64[b, w, k] -> float32[b, w, count]."""
        return self.tokens.logits(codes.shape[2], self.states(read, codes)[:, :, -1])
