"""What items are like, as one vector each: by it, what was judged of some items says something of others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind

MIN_HOLDERS = 4
"""Items that hold a label, for it to say that they are alike."""
MAX_LABELS, MAX_CELLS = 4_000, 100_000_000
"""Labels that count, those of most items, and items times labels: the features' square matrix has to be solved, and
400 MB are enough."""
OF_LABELS, OF_NUMBERS = 1.2, 0.7
"""What labels and numbers count beside a text: as tried first, without a search."""
USUAL = 0.8
"""The mean distance of a normal deviate from its mean: what lies far out, on either side, is alike in that."""

Features = npt.NDArray[np.float32]


def item_features(catalog: Catalog, *texts: Features) -> Features:
    """Unit vectors, float32[n_items, p], of the items' texts, labels and numbers.

    Args:
        catalog: the items.
        texts: vectors of what each item's text says, or of what it is asked for by, float32[n_items, d] each.
    """
    blocks = [(vectors - vectors.mean(axis=0), 1.0) for vectors in texts]
    blocks += [(_labels(catalog), OF_LABELS), (_numbers(catalog), OF_NUMBERS)]
    scaled = [weight * block / _length(block) for block, weight in blocks if block.shape[1]]
    joined = np.hstack(scaled) if scaled else np.zeros((len(catalog), 1))
    lengths = np.linalg.norm(joined, axis=1, keepdims=True)
    return np.asarray(joined / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def _length(block: npt.NDArray[np.floating]) -> float:
    return float(np.sqrt((block.astype(np.float64) ** 2).sum(axis=1).mean())) or 1.0


def _labels(catalog: Catalog) -> Features:
    """A column for each label, the rarer the longer (the root of its inverse document frequency)."""
    held = [
        rows
        for name in catalog.schema.of_kind(Kind.TAGS, Kind.CATEGORY)
        for rows in catalog.postings(name).values()
        if len(rows) >= MIN_HOLDERS
    ]
    most = min(MAX_LABELS, MAX_CELLS // max(1, len(catalog)))
    held = sorted(held, key=len, reverse=True)[:most]
    columns = np.zeros((len(catalog), len(held)), dtype=np.float32)
    for place, rows in enumerate(held):
        columns[rows, place] = np.sqrt(np.log(len(catalog) / len(rows)))
    return columns


def _numbers(catalog: Catalog) -> Features:
    """Two columns for each number: where it lies, and how far out; zeros where it is not known."""
    found = []
    for name in catalog.schema.of_kind(Kind.NUMBER):
        column = np.asarray(catalog.numbers(name), dtype=np.float64)
        if not np.isfinite(column).any() or not (deviation := float(np.nanstd(column))):
            continue
        standard = (column - np.nanmean(column)) / deviation
        found += [np.nan_to_num(standard), np.nan_to_num(np.abs(standard) - USUAL)]
    return np.stack(found, axis=1).astype(np.float32) if found else np.zeros((len(catalog), 0), np.float32)
