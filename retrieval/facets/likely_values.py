"""How likely an item answers a condition, judged by what is known of it apart from the attribute that is asked.

Labels are few: a tense film need not have "tense" among its three moods. What the texts, the labels and the numbers
of the other items say of those that have the label tells how likely it is missing. One ridge regression an
attribute, over the leading directions of the text vectors and the other attributes; each item is judged by the
others alone (the leave-one-out form of the ridge).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.facets.label_columns import label_columns

MIN_ITEMS, MAX_ITEMS = 200, 20_000
"""Fewer items teach nothing; for more the fits take longer than a first turn may."""
DIRECTIONS = 100
"""Leading directions of the text vectors that are kept."""
TEXT_SCALE = 2.0
"""Deviation of the first direction; that of every other column is 1."""
SHRINKAGE = 0.5
"""Weight of the ridge, in parts of the number of items."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Fit:
    """Attributes: ``inverse`` float32[p, p] gives the fitted values of any labels over the shared columns; its rows
    and columns of the attribute itself are zero. ``own`` float32[n] is what an item's own label counts in its own.
    """

    inverse: npt.NDArray[np.float32]
    own: npt.NDArray[np.float32]


class LikelyValues:
    """Judges the items of one catalogue. Safe to share between threads.

    Args:
        catalog: the items.
        vectors: of their texts, float32[n_items, d].
        fields: the attributes whose labels are impressions; of others, a label that is not there is not missing.
    """

    def __init__(self, catalog: Catalog, vectors: npt.NDArray[np.float32], fields: Collection[str]) -> None:
        self._catalog, self._vectors, self._fields = catalog, vectors, frozenset(fields)
        self._fits: dict[str, _Fit] = {}
        self._lock = Lock()

    def of(self, field: str, degrees: Array) -> Array | None:
        """How likely each item answers a condition on a field, float64[n_items] in [0, 1].

        Args:
            field: the attribute that the condition is about, which is not looked at.
            degrees: to which each item answers it by its own label, float64[n_items].

        Returns:
            None for an attribute that is no impression, and where the catalogue is too small or too large to learn
            from.
        """
        if field not in self._fields or not self._can_learn:
            return None
        fit, columns = self._fitted(field), self._columns
        labels = degrees.astype(np.float32)
        fitted = columns @ (fit.inverse @ (columns.T @ labels))
        alone = (fitted - fit.own * labels) / (1 - fit.own)
        return np.asarray(np.clip(alone, 0, 1), dtype=np.float64)

    def warm_up(self) -> None:
        """Fit all attributes now, which the first condition on each would otherwise wait for."""
        for field in self._fields if self._can_learn else ():
            self._fitted(field)

    @property
    def _can_learn(self) -> bool:
        return MIN_ITEMS <= len(self._catalog) <= MAX_ITEMS

    def _fitted(self, field: str) -> _Fit:
        with self._lock:
            if field not in self._fits:
                self._fits[field] = self._fit(field)
            return self._fits[field]

    @cached_property
    def _blocks(self) -> Mapping[str, slice]:
        """Where each attribute's columns are."""
        found, start = {}, min(DIRECTIONS, self._vectors.shape[1])
        for name, block in self._labels.items():
            found[name] = slice(start, start + block.shape[1])
            start += block.shape[1]
        return found

    @cached_property
    def _labels(self) -> Mapping[str, npt.NDArray[np.float32]]:
        return label_columns(self._catalog)

    @cached_property
    def _columns(self) -> npt.NDArray[np.float32]:
        """Float32[n_items, p]; the last is the constant."""
        ones = np.ones((len(self._catalog), 1), np.float32)
        return np.hstack([_leading(np.asarray(self._vectors)), *self._labels.values(), ones])

    def _fit(self, field: str) -> _Fit:
        columns = self._columns
        kept = np.ones(columns.shape[1], dtype=np.bool_)
        kept[self._blocks.get(field, slice(0))] = False
        gram = columns.T @ columns + SHRINKAGE * len(columns) * np.eye(len(kept), dtype=np.float32)
        inverse = np.zeros_like(gram)
        inverse[np.ix_(kept, kept)] = np.linalg.inv(gram[np.ix_(kept, kept)])
        return _Fit(inverse, np.einsum("np,np->n", columns @ inverse, columns))


def _leading(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The leading directions of vectors, float32[n, at most DIRECTIONS]."""
    centred = vectors - vectors.mean(axis=0)
    _, turn = np.linalg.eigh(centred.T @ centred)
    kept = centred @ turn[:, ::-1][:, :DIRECTIONS]
    return np.asarray(TEXT_SCALE * kept / (float(kept[:, 0].std()) or 1.0), dtype=np.float32)
