"""Every item's id, and what gives a new item one: the arrays that a model keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import numpy as np
import torch
from torch import Tensor

from tastemaker.recommenders.semantic_ids.finite_scalar import FiniteScalar
from tastemaker.recommenders.semantic_ids.item_vectors import TextVectors
from tastemaker.recommenders.semantic_ids.product_quantizer import ProductQuantizer
from tastemaker.recommenders.semantic_ids.residual_kmeans import ResidualKMeans
from tastemaker.recommenders.semantic_ids.rq_vae import ResidualAutoencoder
from tastemaker.recommenders.semantic_ids.tokenizer import Codes, Tokenizer, Vectors

TOKENIZERS: Mapping[str, type[Tokenizer]] = MappingProxyType(
    {kind.name: kind for kind in (ResidualKMeans, ProductQuantizer, FiniteScalar, ResidualAutoencoder)}
)
CODES, CODE_COUNT = "codes", "code_count"
"""Names of the frozen arrays int16[n_items, levels] and int64[1]."""
OF_TOKENIZER, OF_TEXTS = "tokenizer/", "texts/"
"""What the names of the other arrays begin with."""


@dataclass(frozen=True)
class SemanticIds:
    """Ids of a catalogue.

    Attributes:
        codes: int64[n_items, levels].
        tokenizer: what cut them.
        texts: what makes vectors of new items; None where ids are of behaviour alone.
    """

    codes: Codes
    tokenizer: Tokenizer
    texts: TextVectors | None

    @classmethod
    def fit(
        cls,
        name: str,
        vectors: Vectors,
        levels: int,
        codes: int,
        seed: int = 0,
        texts: TextVectors | None = None,
    ) -> Self:
        """Fit a tokenizer of :data:`TOKENIZERS` to vectors, float32[n_items, v], and encode these."""
        tokenizer = TOKENIZERS[name].fit(vectors, levels, codes, seed)
        return cls(tokenizer.encode(vectors), tokenizer, texts)

    def of_texts(self, texts: Vectors) -> Codes:
        """Ids of new items by their text vectors: float32[m, t] -> int64[m, levels]."""
        if self.texts is None:
            raise TypeError("these ids are of behaviour alone")
        return self.tokenizer.encode(self.texts.of(texts))

    def unit_centres(self) -> Vectors:
        """What codes stand for, scaled so that ids add up to vectors of length 1 on average: float32[levels, codes, w].

        Tokenizers that count steps along a direction would else make cosines many times too sharp.
        """
        centres = self.tokenizer.code_vectors()
        sums = centres[np.arange(len(centres)), self.codes].sum(1)
        scaled: Vectors = centres / max(np.linalg.norm(sums, axis=1).mean(), np.float32(1e-9))
        return scaled

    def frozen(self) -> dict[str, Tensor]:
        """The arrays that :meth:`read` needs."""
        arrays = {CODES: self.codes.astype(np.int16), CODE_COUNT: np.array([self.tokenizer.codes])}
        arrays |= {OF_TOKENIZER + name: array for name, array in self.tokenizer.arrays().items()}
        if self.texts is not None:
            arrays |= {OF_TEXTS + name: array for name, array in self.texts.arrays().items()}
        return {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items()}

    @classmethod
    def read(cls, name: str, frozen: Mapping[str, Tensor]) -> Self:
        """The ids out of what :meth:`frozen` gave."""
        tokenizer = TOKENIZERS[name].from_arrays(_under(OF_TOKENIZER, frozen))
        texts = _under(OF_TEXTS, frozen)
        codes = frozen[CODES].numpy().astype(np.int64)
        return cls(codes, tokenizer, TextVectors.from_arrays(texts) if texts else None)


def _under(prefix: str, frozen: Mapping[str, Tensor]) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): t.numpy() for name, t in frozen.items() if name.startswith(prefix)}
