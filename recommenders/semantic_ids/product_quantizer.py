"""Product quantisation: a vector is turned, cut into pieces, and each piece has a code of its own.

Jegou et al., "Product Quantization for Nearest Neighbor Search" (TPAMI 2011), as Hou et al. ("Generating Long
Semantic IDs in Parallel for Recommendation", KDD 2025) use it for ids. Their rotation is learned; this one is
drawn, which spreads the variance over the pieces as well where the vectors were whitened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from tastemaker.recommenders.semantic_ids.kmeans import assign, kmeans
from tastemaker.recommenders.semantic_ids.tokenizer import CentresTokenizer, Codes, Frozen, Vectors


@dataclass(frozen=True)
class ProductQuantizer(CentresTokenizer):
    """Codes without an order: no level is coarser than another, and hardly two items share all.

    Attributes:
        rotation: float32[d, levels * piece].
        centres: float32[levels, codes, piece].
    """

    rotation: Vectors
    centres: Vectors

    name: ClassVar[str] = "product"

    @classmethod
    def fit(cls, vectors: Vectors, levels: int, codes: int, seed: int) -> Self:
        """A random rotation into ``levels`` pieces of one width, and a k-means for each."""
        random = np.random.default_rng(seed)
        size = vectors.shape[1]
        width = -(-size // levels) * levels  # the next multiple
        orthogonal, _ = np.linalg.qr(random.standard_normal((width, width)))
        rotation = orthogonal[:size].astype(np.float32)
        pieces = np.split(vectors @ rotation, levels, axis=1)
        return cls(rotation, np.stack([kmeans(piece, codes, random) for piece in pieces]))

    def encode(self, vectors: Vectors) -> Codes:
        """The nearest centre of each piece."""
        pieces = np.split(vectors @ self.rotation, self.levels, axis=1)
        found = [assign(piece, own)[0] for piece, own in zip(pieces, self.centres, strict=True)]
        return np.stack(found, axis=1)

    def code_vectors(self) -> Vectors:
        """Each piece's centres in the columns of that piece, 0 in the others."""
        levels, codes, piece = self.centres.shape
        vectors = np.zeros((levels, codes, levels, piece), np.float32)
        vectors[np.arange(levels), :, np.arange(levels)] = self.centres
        return vectors.reshape(levels, codes, -1)

    def arrays(self) -> Frozen:
        """Rotation and centres."""
        return {"rotation": self.rotation, "centres": self.centres}

    @classmethod
    def from_arrays(cls, arrays: Frozen) -> Self:
        """From rotation and centres."""
        return cls(arrays["rotation"], arrays["centres"])
