"""The labels and numbers of items as standardised columns, by which items can be compared and learned from."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind, Provenance

MIN_HOLDERS, MAX_VALUES = 8, 80
"""A value that fewer items hold, and an attribute with more such values, are no columns."""

Columns = npt.NDArray[np.float32]


def label_columns(catalog: Catalog) -> dict[str, Columns]:
    """Standardised columns of each attribute that has some, float32[n_items, values of it], by its name."""
    found = {}
    for name in catalog.schema.names():
        kind = catalog.schema[name].kind
        if kind in (Kind.NUMBER, Kind.DATE):
            numbers = np.asarray(catalog.numbers(name), dtype=np.float64)
            columns = np.where(np.isnan(numbers), np.nanmean(numbers), numbers)[:, None]
        elif kind in (Kind.TAGS, Kind.CATEGORY):
            postings = [rows for rows in catalog.postings(name).values() if len(rows) >= MIN_HOLDERS]
            if not 0 < len(postings) <= MAX_VALUES:
                continue
            columns = np.zeros((len(catalog), len(postings)))
            for place, rows in enumerate(postings):
                columns[rows, place] = 1
        else:
            continue
        deviation = columns.std(axis=0)
        columns = (columns - columns.mean(axis=0))[:, deviation > 0] / deviation[deviation > 0]
        found[name] = columns.astype(np.float32)
    return found


def label_vectors(catalog: Catalog, impressions: Collection[str]) -> Columns:
    """Unit vectors of what the items are like: their impressions and the catalogue's own labels, float32[n_items, p].

    Each attribute counts as much as any other, however many values it has. Zeros where nothing is known.
    """
    blocks = [
        block / np.sqrt(block.shape[1])
        for name, block in label_columns(catalog).items()
        if name in impressions or _is_own_label(catalog, name)
    ]
    if not blocks:
        return np.zeros((len(catalog), 1), dtype=np.float32)
    vectors = np.hstack(blocks)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def _is_own_label(catalog: Catalog, name: str) -> bool:
    attribute = catalog.schema[name]
    return attribute.provenance is Provenance.CATALOGUE and attribute.kind in (Kind.TAGS, Kind.CATEGORY)
