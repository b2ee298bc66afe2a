"""k-means with a careful start and without empty clusters, the same for the same seed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
ROUNDS = 60


def kmeans(vectors: Vectors, k: int, random: np.random.Generator) -> Vectors:
    """Centres of k clusters, float32[min(k, n), d].

    The start is k-means++ (Arthur and Vassilvitskii, 2007). A cluster that loses its last vector
    begins again at the vector that lies farthest from its centre, so that no code goes unused.

    Args:
        vectors: float32[n, d], at least one.
        k: clusters wanted.
        random: draws the start.
    """
    centres = _spread_out(vectors, min(k, len(vectors)), random)
    before = np.full(len(vectors), -1)
    for _ in range(ROUNDS):
        nearest, distance = assign(vectors, centres)
        if np.array_equal(nearest, before):
            break
        before = nearest
        counts = np.bincount(nearest, minlength=len(centres))
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, vectors)
        centres = sums / np.maximum(counts, 1).astype(np.float32)[:, None]
        empty = np.flatnonzero(counts == 0)
        centres[empty] = vectors[np.argsort(-distance, kind="stable")[: len(empty)]]
    return centres


def assign(vectors: Vectors, centres: Vectors) -> tuple[npt.NDArray[np.int64], Vectors]:
    """The nearest centre of each vector, int64[n], and its squared distance, float32[n]."""
    products = vectors @ centres.T
    scores = products - 0.5 * np.square(centres).sum(1)  # [n, k]; the largest is the nearest
    nearest = scores.argmax(1)
    best = np.take_along_axis(scores, nearest[:, None], 1)[:, 0]
    return nearest, np.maximum(np.square(vectors).sum(1) - 2 * best, 0)


def _spread_out(vectors: Vectors, k: int, random: np.random.Generator) -> Vectors:
    chosen = [int(random.integers(len(vectors)))]
    distance = np.square(vectors - vectors[chosen[0]]).sum(1).astype(np.float64)
    while len(chosen) < k:
        total = distance.sum()
        share = distance / total if total > 0 else None  # equal vectors: any will do
        chosen.append(int(random.choice(len(vectors), p=share)))
        distance = np.minimum(distance, np.square(vectors - vectors[chosen[-1]]).sum(1))
    return vectors[chosen].copy()
