"""Residual k-means: each level clusters what the levels before it left over. No training loop; the default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from tastemaker.recommenders.semantic_ids.kmeans import assign, kmeans
from tastemaker.recommenders.semantic_ids.tokenizer import CentresTokenizer, Codes, Frozen, Vectors


@dataclass(frozen=True)
class ResidualKMeans(CentresTokenizer):
    """Codes from coarse to fine: items that share the first code are alike at large.

    Attributes:
        centres: float32[levels, codes, d].
    """

    centres: Vectors

    name: ClassVar[str] = "residual-kmeans"

    @classmethod
    def fit(cls, vectors: Vectors, levels: int, codes: int, seed: int) -> Self:
        """One k-means per level."""
        random = np.random.default_rng(seed)
        rest, centres = vectors.copy(), []
        for _ in range(levels):
            centres.append(kmeans(rest, codes, random))
            rest -= centres[-1][assign(rest, centres[-1])[0]]
        return cls(np.stack(centres))

    def encode(self, vectors: Vectors) -> Codes:
        """The nearest centre, level by level."""
        return encode_residuals(vectors, self.centres)

    def code_vectors(self) -> Vectors:
        """The centres."""
        return self.centres

    def arrays(self) -> Frozen:
        """The centres."""
        return {"centres": self.centres}

    @classmethod
    def from_arrays(cls, arrays: Frozen) -> Self:
        """From the centres."""
        return cls(arrays["centres"])


def encode_residuals(vectors: Vectors, centres: Vectors) -> Codes:
    """Nearest centres of what is left level by level: float32[m, d], float32[l, k, d] -> int64[m, l]."""
    rest, found = vectors.copy(), []
    for own in centres:
        nearest, _ = assign(rest, own)
        found.append(nearest)
        rest -= own[nearest]
    return np.stack(found, axis=1)
