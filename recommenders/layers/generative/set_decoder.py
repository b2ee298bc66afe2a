"""A history as a set of items without an order, from whose vectors ids are written (MMGRec)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.generative.code_decoder import CodeDecoder, Read
from tastemaker.recommenders.layers.generative.code_tokens import CodeTokens
from tastemaker.recommenders.layers.generative.relation_block import RelationBlock


class SetDecoder(CodeDecoder):
    """Relation-aware blocks over the vectors of the items, code tokens after them.

    Args:
        tokens: the codes.
        vectors: float32[n_items, v], not trained.
        size: width d.
        layers: number of blocks, of each kind.
        heads: attention heads, a divisor of ``size``.
        max_length: latest history items that are looked at.
        dropout: share of activations dropped in training.
        relation: look at items also by what they are to this person; otherwise by themselves alone.
    """

    def __init__(
        self,
        tokens: CodeTokens,
        vectors: Tensor,
        size: int,
        layers: int,
        heads: int,
        max_length: int,
        dropout: float,
        relation: bool,
    ) -> None:
        super().__init__(tokens, size, layers, heads, max_length, dropout)
        self.register_buffer("vectors", vectors, persistent=False)
        self.vectors: Tensor
        self.bring_in = nn.Linear(vectors.shape[1], size)
        self.readers = nn.ModuleList(
            RelationBlock(size, heads, dropout, vectors.shape[1] if relation else 0) for _ in range(layers)
        )
        self.begin = nn.Parameter(torch.empty(size))
        self.position = nn.Parameter(torch.empty(tokens.levels, size))
        nn.init.normal_(self.begin, std=size**-0.5)
        nn.init.normal_(self.position, std=0.02)

    def read(self, sequences: Sequences) -> Read:
        """What the blocks make of the items, and the state of the token that begins an id."""
        items, real = self.vectors[sequences.rows], sequences.real
        shares = real[..., None] / sequences.lengths[:, None, None]
        person = (items * shares).sum(1)  # [b, v]
        x = self.drop(self.bring_in(items))
        for reader in self.readers:
            x = reader(x, items, person, real)
        begin = self.begin.expand(len(x), 1, 1, -1)
        memories = []
        for block in self.blocks:
            memories.append(block.remember(x))  # type: ignore[operator]
            begin = block.follow(begin, memories[-1], real)  # type: ignore[operator]
        start = self.norm(begin)[:, 0, 0]
        return Read(memories, real, start, torch.zeros_like(sequences.lengths))

    def place(self, codes: Tensor, read: Read) -> Tensor:  # noqa: ARG002 - a set has no places
        """The place within the id."""
        placed: Tensor = self.tokens(codes) + self.position[: codes.shape[2]]
        return placed
