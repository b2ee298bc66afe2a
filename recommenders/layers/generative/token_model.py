"""A decoder of ids as a model that scores the whole catalogue.

A beam reaches some items, and their scores are exact. The others come after them, in the order of a dense
score: how near an item's vector is to what the state before its first code expects, learned beside (Yang et al.,
"Unifying Generative and Dense Retrieval", LIGER, 2024).
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize, softplus

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.recommenders.layers.generative.code_decoder import CodeDecoder, Read
from tastemaker.recommenders.layers.generative.constrained_beam import constrained_beam
from tastemaker.recommenders.layers.generative.frozen_vectors import FrozenVectors
from tastemaker.recommenders.layers.generative.prefix_tables import PrefixTables
from tastemaker.recommenders.layers.sequence_model import Encoder, SequenceModel

SHARPNESS = 0.07
"""Temperature of the dense score's cosines."""


class TokenModel(SequenceModel):
    """A decoder, the tree of ids, and a dense score for what the beam leaves out.

    Args:
        decoder: reads histories and writes ids.
        vectors: float32[n_items, v], of the items, not trained.
        tables: the tree of the ids.
        shares: float32[n_items], log-probability of each item among those with its id.
        size: width d of the decoder's states.
        beams: per person and level.
    """

    linear = False

    def __init__(
        self,
        decoder: CodeDecoder,
        vectors: Tensor,
        tables: PrefixTables,
        shares: Tensor,
        size: int,
        beams: int,
    ) -> None:
        super().__init__(FrozenVectors(vectors), cast(Encoder, decoder))  # it reads rows, not vectors
        self.tables, self.beams = tables, beams
        self.register_buffer("shares", shares, persistent=False)
        self.shares: Tensor
        self.expect = nn.Linear(size, vectors.shape[1])

    @property
    def decoder(self) -> CodeDecoder:
        """The encoder under its right name."""
        return cast(CodeDecoder, self.encoder)

    def last(self, sequences: Sequences) -> Tensor:
        """States before the first code of the next item, float32[b, d]."""
        return self.decoder.read(sequences).start

    def scores(self, sequences: Sequences, items: Tensor) -> Tensor:
        """Of all items after each sequence, float32[b, n_items]."""
        return self.search(sequences, items, None)

    def search(self, sequences: Sequences, items: Tensor, allowed: Tensor | None) -> Tensor:
        """Scores after a search that goes only where allowed items are.

        Args:
            sequences: b histories.
            items: the items' matrix.
            allowed: bool[b, n_items]; None: all. Others get a score as well, which no search was spent on.

        Returns:
            float32[b, n_items]: log-probabilities of the items that a beam reaches, below them the others.
        """
        read = self.decoder.read(sequences)
        return self.fill(self.reach(read, allowed), read, items)

    def reach(self, read: Read, allowed: Tensor | None) -> Tensor:
        """Log-probabilities of the items that a beam reaches, -inf for the others: float32[b, n_items].

        Args:
            read: the histories.
            allowed: bool[b, n_items]; None: all.
        """
        found = constrained_beam(
            lambda codes: self.decoder.next_logits(read, codes),
            self.tables,
            len(read.start),
            self.beams,
            None if allowed is None else self.tables.alive(allowed),
        )
        return found[:, self.tables.leaf_of_item] + self.shares

    def fill(self, reached: Tensor, read: Read, items: Tensor) -> Tensor:
        """The same with dense scores below for items at -inf: float32[b, n_items]."""
        missed = reached == -torch.inf
        floor = reached.masked_fill(missed, torch.inf).amin(1, keepdim=True)
        floor = floor.masked_fill(floor == torch.inf, 0.0)  # nothing was allowed
        return torch.where(missed, floor - softplus(-self.dense(read, items)), reached)

    def dense(self, read: Read, items: Tensor) -> Tensor:
        """Scaled cosines of all items to the vector expected next, float32[b, n_items]."""
        expected: Tensor = normalize(self.expect(read.start), dim=-1)
        return expected @ items.T / SHARPNESS
