"""A token decoder that looks at what is like the history's items, and thinks before it writes (OnePiece).

Dai et al., "OnePiece: Bringing Context Engineering and Reasoning to Industrial Cascade Ranking System" (2025).
There the anchors are the items most clicked for a query, and the backbone is bidirectional. Here the anchors are the
items nearest to those that a person took last, and the tokens are causal, so that every place of a history teaches.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.generative.code_decoder import Read
from tastemaker.recommenders.layers.generative.code_tokens import CodeTokens
from tastemaker.recommenders.layers.generative.memory_block import Memory
from tastemaker.recommenders.layers.generative.token_decoder import TokenDecoder


class ReasoningDecoder(TokenDecoder):
    """History, anchors, then one latent token per step: the state before it, and a learned vector of the step.

    Args:
        tokens: the codes.
        vectors: float32[n_items, v], by which items are near each other; not trained.
        size: width d.
        layers: number of blocks.
        heads: attention heads, a divisor of ``size``.
        max_length: latest history items that are looked at.
        dropout: share of activations dropped in training.
        anchors: so many items that are like the latest ones.
        liked: so many of the latest.
        steps: of reasoning; 0: none.
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
        anchors: int,
        liked: int,
        steps: int,
    ) -> None:
        super().__init__(tokens, size, layers, heads, max_length, dropout)
        self.anchors, self.liked, self.steps = min(anchors, len(vectors)), liked, steps
        self.register_buffer("near", normalize(vectors, dim=-1), persistent=False)
        self.near: Tensor
        self.anchor = nn.Parameter(0.02 * torch.randn(self.anchors, size))
        self.step = nn.Parameter(0.02 * torch.randn(steps, size))

    def read(self, sequences: Sequences) -> Read:
        """The history, its anchors and all steps; codes are written from the last."""
        read = super().read(sequences)
        if not self.anchors + self.steps:
            return read
        context = self.context(sequences.rows, sequences.lengths[:, None])
        thoughts = read.start[:, None, None]
        real = torch.cat([read.real, read.real.new_ones(len(read.real), self.anchors + self.steps)], dim=1)
        for number in range(self.steps):
            states, memories = self.think(context, thoughts, number, None, read.memories, read.real)
            thoughts = torch.cat([thoughts, states], dim=2)
        if not self.steps:
            _, memories = self.follow(context, read.memories, read.real)
        return Read(memories, real, thoughts[:, 0, -1], read.place)

    def context(self, rows: Tensor, lengths: Tensor) -> Tensor:
        """Tokens of the anchors of w beginnings of each history: float32[b, w, anchors, d].

        Args:
            rows: int64[b, l], the histories.
            lengths: int64[b, w], of the beginnings.
        """
        place = torch.arange(rows.shape[1])
        before = place < lengths[..., None]  # [b, w, l]
        latest = before & (place >= lengths[..., None] - self.liked)
        likes = normalize(latest.float() @ self.near[rows], dim=-1) @ self.near.T  # [b, w, n_items]
        taken = torch.zeros_like(likes).scatter_add_(
            2, rows[:, None].expand(-1, lengths.shape[1], -1), before.float()
        )
        found = likes.masked_fill(taken > 0, -2.0).topk(self.anchors, dim=2).indices
        context: Tensor = self.tokens(self.tokens.codes[found]).sum(3) + self.anchor
        return context

    def think(
        self,
        context: Tensor,
        thoughts: Tensor,
        number: int,
        codes: Tensor | None,
        memories: list[Memory],
        real: Tensor,
    ) -> tuple[Tensor, list[Memory]]:
        """One more step: states of its latent token and of the codes after it, float32[b, w, 1 + k, d].

        Args:
            context: float32[b, w, anchors, d].
            thoughts: float32[b, w, number + 1, d], the states that the steps so far begin from.
            number: of this step, counted from 0.
            codes: float32[b, w, k, d], tokens after it.
            memories: of the histories.
            real: which of these tokens a row knows, see :meth:`MemoryBlock.follow`.
        """
        x = torch.cat([context, thoughts + self.step[: number + 1]], dim=2)
        begun = x.shape[2] - 1
        if codes is not None:
            x = torch.cat([x, codes], dim=2)
        states, grown = self.follow(x, memories, real)
        return states[:, :, begun:], grown

    def follow(self, x: Tensor, memories: list[Memory], real: Tensor) -> tuple[Tensor, list[Memory]]:
        """Through all blocks: float32[b, w, t, d] -> the same, and memories that hold the first row as well."""
        grown, x = [], self.drop(x)
        for block, memory in zip(self.blocks, memories, strict=True):
            own = block.remember(x[:, 0])  # type: ignore[operator]
            grown.append(Memory(*(torch.cat(pair, dim=2) for pair in zip(memory, own, strict=True))))
            x = block.follow(x, memory, real)  # type: ignore[operator]
        return self.norm(x), grown
