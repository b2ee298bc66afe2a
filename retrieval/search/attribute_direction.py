"""How much of an open word each item has ("darker", "more artsy"), as a direction in the space of item texts.

A catalogue of films has qualities (see ``qualities``), and a word weighs them. Elsewhere there are two sources,
added. The catalogue itself explains the word: the tags and labels nearest to it have items, and a direction
leads from a typical item to those. And a map from words to directions, learned from people's judgements of
films (``python -m tastemaker.evals.studies.attribute_words``), ships for one encoder.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.index.embedder import Vectors
from tastemaker.retrieval.index.encoder_weights import shipped_arrays
from tastemaker.retrieval.search.opposites import without_negation
from tastemaker.retrieval.search.qualities import qualities_of
from tastemaker.retrieval.search.quality_words import quality_weights
from tastemaker.retrieval.search.relevance import Ways

MIN_ITEMS = 5
"""Items that must have a tag before it explains a word."""
SHARPNESS = 20.0
"""How much nearer tags count before others: exp(20 * cosine)."""
TAGS_SHARE = 0.5
"""What the catalogue's tags count beside the learned map."""
TAGS_BESIDE = 0.3
"""What they count beside qualities, where no person has placed the word."""
SAME, LABELS_BESIDE = 0.75, 3.0
"""Cosine from which a tag says the same as the word, which is a topic then ("robots"), and what it counts."""
MIN_SPREAD = 1e-6


@dataclass(frozen=True, eq=False)
class AttributeMap:
    """From a word's vector to the direction of what has much of it, of low rank: float32[d, r] both."""

    up: npt.NDArray[np.float32]
    down: npt.NDArray[np.float32]

    def of(self, vector: Vectors) -> Vectors:
        """The direction, float32[d]."""
        return np.asarray(self.up @ (self.down.T @ vector), dtype=np.float32)


@cache
def shipped_map(encoder: str) -> AttributeMap | None:
    """The map that ships for an encoder, by its name; None where there is none."""
    arrays = shipped_arrays("tastemaker.retrieval", "attribute-map", encoder)
    return (
        AttributeMap(arrays["up"].astype(np.float32), arrays["down"].astype(np.float32)) if arrays else None
    )


def attribute_direction(
    word: str, ways: Ways, learned: AttributeMap | str | None = "shipped"
) -> npt.NDArray[np.float32]:
    """How much of a word each item has, float32[n_items], mean 0 and standard deviation 1 over the catalogue.

    Args:
        word: an attribute such as "violent", or a short phrase.
        ways: of searching the catalogue.
        learned: a map to use instead of the one that ships; None for the catalogue's tags alone.

    Raises:
        QueryError: the word is empty.
    """
    vectors = np.asarray(ways.index.vectors)
    qualities = qualities_of(ways.index) if isinstance(learned, str) else None
    weighed = quality_weights(word, ways.index, qualities.names) if qualities else None
    if qualities and weighed and weighed[1]:
        return _standard(qualities.scores @ weighed[0])
    wish = attribute_vector(word, ways)
    map_ = shipped_map(ways.index.encoder) if isinstance(learned, str) else learned
    direction, is_label = _explained(wish, ways, vectors)
    explained = _standard(vectors @ direction)
    if qualities and weighed:
        share = LABELS_BESIDE if is_label else TAGS_BESIDE
        return _standard(_standard(qualities.scores @ weighed[0]) + share * explained)
    if map_ is None:
        return explained
    return _standard(_standard(vectors @ map_.of(wish)) + TAGS_SHARE * explained)


def attribute_vector(word: str, ways: Ways) -> Vectors:
    """The word's vector, float32[d]; of "unfunny" and "not funny" that of "funny" turned round.

    An embedding puts opposites side by side, so what negates is read here.
    """
    bare, sign = without_negation(word)
    return ways.index.embed(bare) if sign > 0 else -ways.index.embed(bare)


def _explained(wish: Vectors, ways: Ways, vectors: Vectors) -> tuple[Vectors, bool]:
    """The direction from a typical item to those whose tags are near the word, and whether one is the word.

    Without tags the word's own direction.
    """
    phrases = ways.phrases
    held = np.bincount(phrases.phrase, minlength=len(phrases.vectors))
    telling = held >= MIN_ITEMS
    if not telling.any():
        return wish, False
    near = phrases.vectors @ wish
    # A tag counts by its nearness, each of its items by one over the tag's square root of items.
    nearness = np.exp(SHARPNESS * (near - near[telling].max()).clip(max=0))
    weight = np.where(telling, nearness / np.sqrt(np.maximum(held, 1)), 0)
    item = np.repeat(np.arange(len(vectors)), np.diff(phrases.offsets))
    share = np.bincount(item, weights=weight[phrases.phrase], minlength=len(vectors))
    total = max(float(share.sum()), MIN_SPREAD)
    direction = np.asarray((share / total) @ vectors - vectors.mean(axis=0), dtype=np.float32)
    return direction, float(near[telling].max()) >= SAME


def _standard(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), MIN_SPREAD), dtype=np.float32)
