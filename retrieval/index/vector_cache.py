"""Vectors made earlier, found by the hash of their text, so that no text is embedded twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.index.embedder import TextEmbedder, Vectors

HASH_BYTES = 16

TextHashes = npt.NDArray[np.uint8]
"""The first 16 bytes of each text's sha256, uint8[n, 16]."""


class VectorCache:
    """The vectors of an earlier build.

    Args:
        vectors: float32[n, d].
        hashes: of their texts, in the same order.
    """

    def __init__(self, vectors: Vectors, hashes: TextHashes) -> None:
        self._vectors = vectors
        self._rows = {digest.tobytes(): row for row, digest in enumerate(hashes)}

    @classmethod
    def none(cls) -> VectorCache:
        """Nothing was kept."""
        return cls(np.empty((0, 0), np.float32), np.empty((0, HASH_BYTES), np.uint8))

    def embed_missing(self, texts: Sequence[str], embedder: TextEmbedder) -> tuple[Vectors, int]:
        """Vectors of some texts, float32[n, d], and how many of them had to be embedded.

        >>> from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder
        >>> embedder = HashingEmbedder(8)
        >>> kept = VectorCache(embedder.encode(["old"]), text_hashes(["old"]))
        >>> vectors, embedded = kept.embed_missing(["new", "old"], embedder)
        >>> vectors.shape, embedded
        ((2, 8), 1)
        """
        rows = [self._rows.get(_hash(text), -1) for text in texts]
        new = [at for at, row in enumerate(rows) if row < 0]
        if len(new) == len(texts):
            return embedder.encode(texts), len(new)
        vectors: Vectors = np.array(self._vectors[rows])
        if new:
            vectors[new] = embedder.encode([texts[at] for at in new])
        return vectors, len(new)


def text_hashes(texts: Sequence[str]) -> TextHashes:
    """The hashes of some texts, uint8[n, 16]."""
    joined = b"".join(_hash(text) for text in texts)
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(texts), HASH_BYTES)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:HASH_BYTES]
