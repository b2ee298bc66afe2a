"""A small map of query vectors, learned from people's descriptions, so that they land nearer to what is meant.

``q + U Vᵀ q``: an encoder puts "I saw this on TV as a kid, there was a man who ..." near other stories of
that kind; the map turns away from how people tell and towards what items' texts say. It is fitted for one
encoder by ``python -m tastemaker.evals.studies.search_ranker``; for others there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.index.embedder import Vectors
from tastemaker.retrieval.index.encoder_weights import shipped_arrays

NAME = "query-adapter"


@dataclass(frozen=True)
class QueryAdapter:
    """A map of low rank.

    Attributes:
        up: float32[d, r].
        down: float32[d, r].
    """

    up: npt.NDArray[np.float32]
    down: npt.NDArray[np.float32]

    def of(self, vectors: Vectors) -> Vectors:
        """Unit vectors of some queries, float32[n, d] or float32[d], turned and at length 1 again.

        >>> to_second = QueryAdapter(np.float32([[0], [1]]), np.float32([[1], [0]]))
        >>> [round(float(x), 3) for x in to_second.of(np.float32([1, 0]))]
        [0.707, 0.707]
        """
        moved = vectors + (vectors @ self.down) @ self.up.T
        length = np.maximum(np.linalg.norm(moved, axis=-1, keepdims=True), 1e-6)
        return np.asarray(moved / length, dtype=np.float32)


@cache
def adapter_for(encoder: str) -> QueryAdapter | None:
    """The adapter that ships for an encoder, by the encoder's name; None where there is none."""
    arrays = shipped_arrays("tastemaker.retrieval", NAME, encoder)
    return (
        QueryAdapter(arrays["up"].astype(np.float32), arrays["down"].astype(np.float32)) if arrays else None
    )
