"""Find items by what they are about: their texts as a whole, and their single tags."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tastemaker.retrieval.constraints import Constraint
from tastemaker.retrieval.top_k import top_k
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.shelf import DEFAULT_K, Shelf, kept

PHRASE_WEIGHT = 0.5
"""Share of the best single tag's cosine beside the whole text's. Set by eye on ten wishes (LOG.md)."""


def retrieve(
    shelf: Shelf,
    text: str,
    constraints: Sequence[Constraint] = (),
    exclude: Sequence[str] = (),
    k: int = DEFAULT_K,
) -> Candidates:
    """Items whose descriptions are closest in meaning to a text."""
    vector = shelf.index.embed(text)
    phrase_scores = shelf.phrases.scores(vector)
    keep = shelf.allowed(constraints, exclude)
    near = [item_id for item_id, _ in shelf.index.search(vector, k, constraints, exclude)]
    rows = np.union1d(shelf.catalog.rows(near), top_k(kept(phrase_scores, keep), k))
    scores = np.full(len(shelf.catalog), -np.inf, dtype=np.float32)
    scores[rows] = shelf.index.vectors[rows] @ vector + PHRASE_WEIGHT * phrase_scores[rows]
    background = shelf.sample_cosines(vector) + PHRASE_WEIGHT * shelf.sampled(phrase_scores)
    return Candidates("retrieve", {"text": text}, shelf.best(scores, keep, k, background))
