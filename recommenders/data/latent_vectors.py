"""Items as those who took them see them: directions of the interaction log.

Truncated singular value decomposition of the matrix of users and items, as in PureSVD (Cremonesi et al.,
"Performance of Recommender Algorithms on Top-N Recommendation Tasks", RecSys 2010), with each item scaled by
the root of its count, so that the directions are not those of a few popular items.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.linalg import svd
from scipy.sparse.linalg import svds

from tastemaker.recommenders.data.sparse_rows import user_item_matrix
from tastemaker.retrieval.catalog.interactions import Interactions

SIZE = 128
SMALL = 1_000_000
"""Cells of a matrix that is decomposed as a whole: the sparse solver starts over at random, whatever its seed,
where directions are equally strong, as they may be in a log of a few people."""


def latent_vectors(
    log: Interactions, n_items: int, size: int = SIZE, seed: int = 0
) -> npt.NDArray[np.float32]:
    """Unit vectors of the items, float32[n_items, at most size]; zeros for an item that nobody took.

    Args:
        log: who took what.
        n_items: of the catalogue.
        size: directions kept; fewer where the log has not so many.
        seed: of the solver's start.
    """
    taken = user_item_matrix(log, n_items)
    counts = np.asarray(taken.sum(axis=0)).ravel()
    scaled = taken.multiply(1 / np.sqrt(counts + 1)).tocsr().astype(np.float64)
    kept = min(size, min(scaled.shape) - 1)
    if kept < 1 or not len(log):
        return np.zeros((n_items, 0), np.float32)
    if scaled.shape[0] * scaled.shape[1] <= SMALL:
        _, strengths, directions = svd(scaled.toarray(), full_matrices=False)
    else:
        _, strengths, directions = svds(scaled, k=kept, rng=np.random.default_rng(seed))
    strongest_first = np.argsort(-strengths, kind="stable")[:kept]
    vectors = (directions[strongest_first] * strengths[strongest_first, None]).T
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: npt.NDArray[np.float32] = (vectors / np.where(lengths > 1e-9, lengths, 1)).astype(np.float32)
    return unit
