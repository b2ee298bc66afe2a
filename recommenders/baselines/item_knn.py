"""Item-kNN: items that the same people took, by cosine.

Deshpande and Karypis, "Item-based top-N recommendation algorithms" (TOIS 2004), with a
shrunk cosine, so that two items which one person shares don't count as twins.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from pydantic import Field
from scipy import sparse
from tqdm import tqdm

from tastemaker.recommenders.baselines.closed_form import ClosedForm, ClosedFormConfig
from tastemaker.recommenders.data.array_types import Arrays, Scores
from tastemaker.recommenders.data.history_matrix import history_matrix
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.data.sparse_rows import pack, strongest, unpack, user_item_matrix
from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.retrieval.catalog.interactions import Interactions

BLOCK = 512
TIE_BREAK = 1e-4
"""What the most popular item gets on top; puts an order into the items that are no one's neighbour."""


class ItemKNNConfig(ClosedFormConfig):
    """Item-kNN's settings; the defaults were chosen on MovieLens-100K's validation items.

    Attributes:
        neighbours: how many are kept per item.
        shrinkage: added to the cosine's denominator; larger values distrust small counts more.
        half_life: so many items back in the history an item counts half; None: all count the same.
    """

    neighbours: int = Field(default=50, ge=1)
    shrinkage: float = Field(default=3.0, ge=0)
    half_life: float | None = Field(default=3.0, gt=0)


class ItemKNN(ClosedForm):
    """Cosine similarity between items, the nearest of each kept as a sparse matrix."""

    name: ClassVar[str] = "item-knn"
    config_class: ClassVar[type[ClosedFormConfig]] = ItemKNNConfig

    def __init__(
        self, vocabulary: Vocabulary, popularity: Scores, arrays: Arrays, settings: ItemKNNConfig
    ) -> None:
        super().__init__(vocabulary, popularity, arrays, settings)
        self._similar = unpack("similar", arrays, len(vocabulary))  # [history item, scored item]
        self._tie_break = TIE_BREAK * self.popularity / max(float(self.popularity.max(initial=0)), 1.0)

    @classmethod
    def learn(cls, settings: ItemKNNConfig, log: Interactions, n_items: int, progress: bool) -> Arrays:
        """Shrunk cosines block by block, so that the full matrix is never in memory."""
        taken = user_item_matrix(log, n_items)  # [n_users, n_items]
        by_item = taken.T.tocsr()
        norms = np.sqrt(np.diff(by_item.indptr).astype(np.float32))
        blocks = [sparse.csr_array((0, n_items), dtype=np.float32)]
        for start in tqdm(range(0, n_items, BLOCK), disable=not progress, desc=cls.name, unit="block"):
            shared = (by_item[start : start + BLOCK] @ taken).tocsr()
            row = start + np.repeat(np.arange(shared.shape[0]), np.diff(shared.indptr))
            shared.data /= norms[row] * norms[shared.indices] + np.float32(settings.shrinkage)
            shared.data[shared.indices == row] = 0
            shared.eliminate_zeros()
            blocks.append(strongest(shared, settings.neighbours))
        return pack("similar", sparse.vstack(blocks, format="csr"))

    def score_resolved_queries(self, resolved_queries: Sequence[ResolvedQuery]) -> Scores:
        """float32[len(readings), n_items]: summed similarity to the history."""
        histories = history_matrix(resolved_queries, len(self.vocabulary), self.settings.half_life)
        scores: Scores = (histories @ self._similar).toarray() + self._tie_break
        return scores
