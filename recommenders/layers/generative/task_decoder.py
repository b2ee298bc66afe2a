"""A token decoder with task tokens: one that asks for ids, one per candidate that asks how well it fits (SynerGen).

Gao et al., "SynerGen: Contextualized Generative Recommender for Unified Search and Recommendation" (2025). There items
are dense vectors and retrieval is nearest neighbours; here the retrieval token begins an id.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.generative.code_decoder import CodeDecoder, Read
from tastemaker.recommenders.layers.generative.code_tokens import CodeTokens
from tastemaker.recommenders.layers.generative.memory_block import Memory
from tastemaker.recommenders.layers.generative.rotary_time import rotary_angles

TIMED = 0.4
"""Share of the rotary pairs that turn with the time."""


class TaskDecoder(CodeDecoder):
    """Begin, then the codes of each item, with rotary positions; task tokens follow and are seen by none.

    Args:
        tokens: the codes.
        size: width d.
        layers: number of blocks.
        heads: attention heads, a divisor of ``size``.
        max_length: latest history items that are looked at.
        dropout: share of activations dropped in training.
        texts: width t of what is searched for in words; 0: nothing is.
    """

    def __init__(
        self,
        tokens: CodeTokens,
        size: int,
        layers: int,
        heads: int,
        max_length: int,
        dropout: float,
        texts: int,
    ) -> None:
        super().__init__(tokens, size, layers, heads, max_length, dropout)
        self.pairs = size // heads // 2
        self.begin = nn.Parameter(torch.randn(size) * size**-0.5)
        self.retrieve = nn.Parameter(torch.randn(size) * size**-0.5)
        self.rank = nn.Parameter(torch.randn(size) * size**-0.5)
        self.fit = nn.Linear(size, 1)
        self.query = nn.Linear(texts, size) if texts else None

    def read(self, sequences: Sequences, queries: Tensor | None = None) -> Read:
        """Keys and values of all tokens, and the state of a retrieval token after each history.

        Args:
            sequences: b histories, of which some may be empty.
            queries: float32[b, t], what is searched for, zeros where nothing is; None: nothing anywhere.
        """
        x, memories = self.history(sequences)
        real = torch.arange(x.shape[1]) < 1 + sequences.lengths[:, None] * self.tokens.levels
        angles = self.next_angles(sequences, sequences.lengths[:, None])  # [b, 1, pairs]
        task = self.task(self.retrieve.expand(len(x), 1, -1), None if queries is None else queries[:, None])
        states, memories = self.follow(task[:, :, None], memories, real, angles)
        real = torch.cat([real, real.new_ones(len(x), 1)], dim=1)
        return Read(memories, real, states[:, 0, 0], sequences.lengths, angles)

    def history(self, sequences: Sequences) -> tuple[Tensor, list[Memory]]:
        """Normed states of all tokens, float32[b, 1 + l * levels, d], and what each block remembers of them."""
        rows, levels = sequences.rows, self.tokens.levels
        items = self.tokens(self.tokens.codes[rows]).flatten(1, 2)
        x = self.drop(torch.cat([self.begin.expand(len(rows), 1, -1), items], dim=1))
        place = torch.arange(1, rows.shape[1] + 1).expand(rows.shape)
        own = rotary_angles(
            place, self._since_first(sequences, sequences.timestamps), self.pairs, self._timed
        )
        own = own.repeat_interleave(levels, dim=1)
        angles = torch.cat([own.new_zeros(len(rows), 1, self.pairs), own], dim=1)
        memories = []
        for block in self.blocks:
            memories.append(block.remember(x, angles))  # type: ignore[operator]
            x = block.go_on(x, memories[-1], angles)  # type: ignore[operator]
        return self.norm(x), memories

    def next_angles(self, sequences: Sequences, known: Tensor) -> Tensor:
        """Of the tokens of the event after the first items of each history: int64[b, w] -> float32[b, w, pairs]."""
        if not sequences.rows.shape[1]:
            seconds = torch.zeros(known.shape, dtype=torch.float64)
        else:
            after = self._since_first(sequences, sequences.next_timestamps)
            seconds = torch.where(known > 0, after.gather(1, (known - 1).clamp(min=0)), 0)
        return rotary_angles(known + 1, seconds, self.pairs, self._timed)

    def task(self, kind: Tensor, queries: Tensor | None) -> Tensor:
        """A task's tokens with what is searched for, float32[b, w, d] and float32[b, w, t] -> float32[b, w, d]."""
        if queries is None or self.query is None:
            return kind
        asked = queries.any(-1, keepdim=True)
        return kind + torch.where(asked, self.query(queries), 0)

    def fits(
        self, rows: Tensor, memories: list[Memory], real: Tensor, angles: Tensor, queries: Tensor | None
    ) -> Tensor:
        """How well candidates fit, as logits: int64[b, w] -> float32[b, w].

        Args:
            rows: the candidates.
            memories: of the histories.
            real: what of them each row knows, see :meth:`MemoryBlock.follow`.
            angles: float32[b, w, pairs].
            queries: float32[b, w, t] or None.
        """
        tokens = self.tokens(self.tokens.codes[rows]).sum(2) + self.rank
        states, _ = self.follow(self.task(tokens, queries)[:, :, None], memories, real, angles)
        logits: Tensor = self.fit(states[:, :, 0])[..., 0]
        return logits

    def place(self, codes: Tensor, read: Read) -> Tensor:  # noqa: ARG002 - angles tell where they stand
        """The codes alone."""
        placed: Tensor = self.tokens(codes)
        return placed

    def follow(
        self, x: Tensor, memories: list[Memory], real: Tensor, angles: Tensor
    ) -> tuple[Tensor, list[Memory]]:
        """Through all blocks: float32[b, w, t, d] -> normed, and memories with each history's first row."""
        grown, x = [], self.drop(x)
        for block, memory in zip(self.blocks, memories, strict=True):
            own = block.remember(x[:, 0], angles[:, :1])  # type: ignore[operator]
            grown.append(Memory(*(torch.cat(pair, dim=2) for pair in zip(memory, own, strict=True))))
            x = block.follow(x, memory, real, angles)  # type: ignore[operator]
        return self.norm(x), grown

    @property
    def _timed(self) -> int:
        return round(TIMED * self.pairs)

    def _since_first(self, sequences: Sequences, seconds: Tensor) -> Tensor:
        """Seconds since each history's first item, 0 where either is unknown."""
        first = sequences.timestamps[:, :1]
        return torch.where((first != 0) & (seconds != 0), seconds - first, 0)
