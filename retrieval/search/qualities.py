"""How violent, funny, slow, far-fetched, ... each item of a catalogue of films is, as far as known films tell.

Facets of 1,682 films ship with the project. The catalogue's films among them teach a ridge regression what
its texts, labels and numbers say of each quality, whatever the encoder; it then judges all other items.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.index.vector_index import VectorIndex
from tastemaker.retrieval.search.known_films import shipped_films

MIN_KNOWN = 100
"""Known films that a catalogue must hold before they teach anything."""
RIDGE = 3000.0
"""For texts of unit variance in each dimension."""
LABEL_SCALE, NUMBER_SCALE = 4.0, 3.0
"""What a label and a number count beside one dimension of the text."""
MIN_ITEMS, MAX_LABELS = 20, 200
"""Items that a label needs to be a feature, and labels at most, the most frequent ones."""
OWN_SHARE = 0.5
"""What a known film's own facets count beside what its text says; people's judgements agree best with both."""
SKEWED = 3.0
"""A number whose largest value is so many deviations from the mean, per deviation, is read by its logarithm."""
MIN_SPREAD = 1e-6

Matrix = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Qualities:
    """Names of the qualities, and each item's scores, float32[n_items, n_qualities], of unit deviation."""

    names: tuple[str, ...]
    scores: Matrix


_kept: WeakKeyDictionary[VectorIndex, Qualities | None] = WeakKeyDictionary()


def qualities_of(index: VectorIndex) -> Qualities | None:
    """The qualities of an index's items, worked out once; None where it holds too few known films."""
    if index not in _kept:
        _kept[index] = _work_out(index)
    return _kept[index]


def _work_out(index: VectorIndex) -> Qualities | None:
    films = shipped_films()
    rows, places = films.found_in(index.catalog)
    if len(rows) < MIN_KNOWN:
        return None
    known = films.values[places].astype(np.float64)
    known -= np.nan_to_num(known).sum(axis=0) / np.maximum(np.isfinite(known).sum(axis=0), 1)
    vectors = index.vectors
    mean = vectors.mean(axis=0)
    scale = 1 / max(float(np.asarray(vectors[rows] - mean).std()), MIN_SPREAD)
    features = list(_features(index.catalog))
    told = np.hstack([scale * (vectors[rows] - mean), *(column[rows, None] for column in features)])
    gram = told @ told.T + RIDGE * np.eye(len(rows))
    weights = told.T @ np.linalg.solve(gram, np.nan_to_num(known))
    of_text = scale * weights[: vectors.shape[1]]
    scores = vectors @ of_text.astype(np.float32) - (mean @ of_text).astype(np.float32)
    for column, weight in zip(features, weights[vectors.shape[1] :].astype(np.float32), strict=True):
        scores += np.outer(column, weight)
    scores /= np.maximum(scores[rows].std(axis=0), MIN_SPREAD)
    scores -= scores.mean(axis=0)
    own = np.where(np.isnan(known), scores[rows], known)
    scores[rows] = (1 - OWN_SHARE) * scores[rows] + OWN_SHARE * own
    return Qualities(films.names, np.asarray(scores, dtype=np.float32))


def _features(catalog: Catalog) -> Iterator[Matrix]:
    """A column for each frequent label and each number that the catalogue states, centred, float32[n_items]."""
    held = [
        (len(rows), rows)
        for name in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS)
        for rows in catalog.postings(name).values()
        if MIN_ITEMS <= len(rows) < len(catalog)
    ]
    for count, rows in sorted(held, key=lambda one: -one[0])[:MAX_LABELS]:
        share = count / len(catalog)
        column = np.full(len(catalog), -share, dtype=np.float32)
        column[rows] += 1
        yield column * np.float32(LABEL_SCALE / np.sqrt(np.sqrt(share * (1 - share)) + 0.05))
    for name in catalog.schema.of_kind(Kind.NUMBER):
        values = catalog.numbers(name)
        if np.isfinite(values).sum() < MIN_ITEMS:
            continue
        if np.nanmin(values) >= 0 and np.nanmax(values) - np.nanmean(values) > SKEWED**2 * np.nanstd(values):
            values = np.log1p(values)
        apart = (values - np.nanmean(values)) / max(float(np.nanstd(values)), MIN_SPREAD)
        yield np.asarray(NUMBER_SCALE * np.nan_to_num(apart), dtype=np.float32)
