"""The vectors that ids are cut from: what people did with the items, what is written of them, or both.

Ids of films cut from texts alone rank hardly better than random ones; those of behaviour are worth three times
as much. So behaviour leads, and the text beside it says where an item belongs that nobody took yet: its
behaviour is guessed from its text by a ridge regression over the items that have both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import torch

from tastemaker.recommenders.data.sparse_rows import user_item_matrix
from tastemaker.recommenders.layers.text_items import whitening
from tastemaker.recommenders.semantic_ids.tokenizer import Frozen, Vectors
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError

Flags = npt.NDArray[np.bool_]
RIDGE = 1.0
"""Pull of the regression from texts to behaviour towards zero, per whitened direction."""
ROUNDS, KEPT = 2, 0.5
"""Of texts that are spread over a log: how often, and the share of an item's own vector that stays each time."""
DIFFUSED, OWN = 6, 0.2
"""The same of random vectors, which only behaviour brings together."""


class Source(StrEnum):
    """What an item's vector is made of."""

    INTERACTIONS = "interactions"
    TEXT = "text"
    BOTH = "both"
    GRAPH = "graph"

    @property
    def reads_texts(self) -> bool:
        """Whether item texts are needed."""
        return self is not Source.INTERACTIONS

    @property
    def reads_behaviour(self) -> bool:
        """Whether items are known by what the log makes of them."""
        return self in (Source.INTERACTIONS, Source.BOTH)


@dataclass(frozen=True)
class TextVectors:
    """From text vectors to the vectors of items without interactions.

    Attributes:
        mean: float32[t].
        whitener: float32[w, t], see :func:`tastemaker.recommenders.layers.text_items.whitening`.
        behaviour: float32[w, c], from whitened texts to behaviour; c is 0 where only texts count.
        share: weight of the texts beside behaviour.
    """

    mean: Vectors
    whitener: Vectors
    behaviour: Vectors
    share: float

    @classmethod
    def fit(cls, texts: Vectors, behaviour: Vectors, known: Flags, size: int, share: float) -> Self:
        """Whiten the texts, and learn behaviour from them.

        Args:
            texts: float32[n, t].
            behaviour: float32[n, c].
            known: bool[n], the items that have behaviour.
            size: whitened directions.
            share: weight of the texts.
        """
        tensor = torch.from_numpy(np.array(texts))  # an embedder may keep its own from being written to
        mean, whitener = texts.mean(0), whitening(tensor, size).numpy()
        white = (texts - mean) @ whitener.T
        left = white[known].T @ white[known] + RIDGE * np.eye(white.shape[1], dtype=np.float32)
        weights = np.linalg.solve(left, white[known].T @ behaviour[known])
        return cls(mean, whitener, weights.astype(np.float32), share)

    def whitened(self, texts: Vectors) -> Vectors:
        """Unit vectors of the main directions in which texts differ: float32[m, t] -> float32[m, w]."""
        return _unit((texts - self.mean) @ self.whitener.T)

    def behaviour_of(self, texts: Vectors) -> Vectors:
        """What people would do with such items: float32[m, t] -> unit float32[m, c]."""
        return _unit(((texts - self.mean) @ self.whitener.T) @ self.behaviour)

    def of(self, texts: Vectors) -> Vectors:
        """Vectors of items that nobody took yet: float32[m, t] -> float32[m, c + w]."""
        return self.join(self.behaviour_of(texts), texts)

    def join(self, behaviour: Vectors, texts: Vectors) -> Vectors:
        """Both side by side: float32[m, c], float32[m, t] -> float32[m, c + w]."""
        return np.concatenate([behaviour, self.share * self.whitened(texts)], axis=1)

    def arrays(self) -> Frozen:
        """All four."""
        share = np.array([self.share], np.float32)
        return {"mean": self.mean, "whitener": self.whitener, "behaviour": self.behaviour, "share": share}

    @classmethod
    def from_arrays(cls, arrays: Frozen) -> Self:
        """From all four."""
        return cls(arrays["mean"], arrays["whitener"], arrays["behaviour"], float(arrays["share"][0]))


def item_vectors(
    source: Source, behaviour: Vectors, log: Interactions, size: int, share: float, texts: Vectors | None
) -> tuple[Vectors, TextVectors | None]:
    """Vectors of all items, float32[n_items, v], and how to make those of new ones.

    Args:
        source: what they are made of.
        behaviour: float32[n_items, c], what the log makes of the items; read by the sources that count it.
        log: only what a model may learn from.
        size: directions of texts.
        share: for ``both``, weight of the texts.
        texts: float32[n_items, t]; None only where the source needs none.

    Raises:
        ConfigError: the source reads texts and there are none.
    """
    if source is Source.INTERACTIONS:
        return behaviour, None
    if texts is None:
        raise ConfigError(
            f"ids from {source.value!r} need item texts; give an embedder, or source=interactions"
        )
    known = log.counts(len(texts)) > 0
    if source is not Source.BOTH:
        own = TextVectors.fit(texts, behaviour[:, :0], known, size, 1.0)
        vectors = own.whitened(texts)
        return (propagate(vectors, log, ROUNDS, KEPT) if source is Source.GRAPH else vectors), own
    fitted = TextVectors.fit(texts, behaviour, known, size, share)
    filled = np.where(known[:, None], behaviour, fitted.behaviour_of(texts))
    return fitted.join(filled, texts), fitted


def diffused_vectors(log: Interactions, n_items: int, size: int, seed: int) -> Vectors:
    """Random vectors spread over a log, unit float32[n_items, size]; those of items that nobody took stay random."""
    random = np.random.default_rng(seed).standard_normal((n_items, size)).astype(np.float32)
    return propagate(_unit(random), log, DIFFUSED, OWN)


def propagate(vectors: Vectors, log: Interactions, rounds: int, kept: float) -> Vectors:
    """Each vector mixed with those of items that the same people took, brought to unit length.

    What graph convolutions come down to without weights (He et al., "LightGCN", SIGIR 2020). An item
    that nobody took keeps its own.

    Args:
        vectors: float32[n, d].
        log: who took what.
        rounds: how often.
        kept: share of an item's own vector that stays each time.
    """
    taken = user_item_matrix(log, len(vectors)).astype(np.float32)
    people, items = (np.asarray(taken.sum(axis=axis)).ravel() for axis in (1, 0))
    spread = taken.multiply(1 / np.sqrt(np.maximum(people, 1))[:, None]).tocsr()
    spread = spread.multiply(1 / np.sqrt(np.maximum(items, 1))[None]).tocsr()  # [users, items]
    mixed = vectors
    for _ in range(rounds):
        near = np.asarray(spread.T @ (spread @ mixed), np.float32)
        mixed = np.where(items[:, None] > 0, kept * mixed + (1 - kept) * near, mixed)
    return _unit(mixed)


def _unit(vectors: npt.NDArray[Any]) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.where(lengths > 1e-9, lengths, 1)).astype(np.float32)
    return unit
