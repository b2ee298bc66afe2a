"""Vectors from hashed words, for tests and for machines without an embedding model."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from tastemaker.retrieval.index.embedder import Vectors


class HashingEmbedder:
    """Words and their letter trigrams, hashed into ``size`` signed buckets: the same on every machine.

    Texts that share words or parts of words are close; it knows nothing of meaning.

    >>> heat, same, other = HashingEmbedder().encode(["a bank robbery", "robbery of banks", "toys"])
    >>> bool(heat @ same > 0.4 > heat @ other)
    True
    """

    def __init__(self, size: int = 256) -> None:
        self.name = f"hashing-{size}"
        self.size = size

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32[n, size]; a text without words gives the first unit vector."""
        return self._hash(texts)

    def encode_query(self, text: str) -> Vectors:
        """One unit vector, float32[size]."""
        vector: Vectors = self._hash([text])[0]
        return vector

    def _hash(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.size), dtype=np.float32)
        for row, text in enumerate(texts):
            for feature, weight in _features(text):
                code = zlib.crc32(feature.encode("utf-8", "surrogatepass"))
                vectors[row, code % self.size] += weight if code & 0x8000_0000 else -weight
        empty = ~vectors.any(axis=1)
        vectors[empty, 0] = 1.0
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def _features(text: str) -> Iterator[tuple[str, float]]:
    for word in re.findall(r"\w+", text.casefold()):
        yield word, 1.0
        framed = f"#{word}#"
        for start in range(len(framed) - 2):
            yield framed[start : start + 3], 0.5
