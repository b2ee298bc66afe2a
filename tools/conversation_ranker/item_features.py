"""What an item is, in about a hundred numbers: to say which items are alike, or what the next one may be like."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from tastemaker.recommenders.standardised import varies
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.item_text import LABELS_AT_MOST
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.tools.tool_context import ToolContext

Table = npt.NDArray[np.float32]

TEXT_SIZE = 48
"""Directions kept of the texts' vectors: those in which they differ most."""

KNOTS = 8
"""Places along a number attribute that an item is more or less near to."""


def item_features(tool_context: ToolContext) -> Table:
    """Labels, numbers, text and popularity of every item, float32[n_items, n_features].

    Each attribute's columns are centred and scaled to a mean square length of one, so that all
    attributes count alike. Attributes of more than :data:`~tastemaker.retrieval.catalog.item_text.LABELS_AT_MOST`
    values (names) are left to the text.
    """
    blocks = [
        *_labels(tool_context.catalog),
        *_numbers(tool_context.catalog),
        _directions(tool_context.index.vectors),
    ]
    blocks.append(np.log1p(tool_context.popularity).astype(np.float32)[:, None])
    return np.concatenate([_level(block) for block in blocks], axis=1)


def _labels(catalog: Catalog) -> Iterator[Table]:
    """Per attribute of few values: which of them each item has, rows of unit length."""
    for name in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS):
        postings = catalog.postings(name)
        if 0 < len(postings) <= LABELS_AT_MOST:
            held = np.zeros((len(catalog), len(postings)), np.float32)
            for column, rows in enumerate(postings.values()):
                held[rows, column] = 1
            yield held / np.sqrt(np.maximum(held.sum(axis=1, keepdims=True), 1))


def _numbers(catalog: Catalog) -> Iterator[Table]:
    """Per number: how near each item is to its quantiles (a Gaussian as wide as they lie apart)."""
    for name in catalog.schema.of_kind(Kind.NUMBER, Kind.DATE):
        numbers = catalog.numbers(name)
        known = numbers[np.isfinite(numbers)]
        if len(known):
            knots = np.quantile(known, np.linspace(0.05, 0.95, KNOTS))
            width = (knots[-1] - knots[0]) / (KNOTS - 1) or 1.0
            filled = np.where(np.isfinite(numbers), numbers, np.median(known))
            yield np.exp(-(((filled[:, None] - knots) / width) ** 2) / 2).astype(np.float32)


def _directions(vectors: npt.NDArray[np.float32]) -> Table:
    """The texts along the directions in which they differ most (principal components)."""
    centred = np.asarray(vectors, np.float32) - np.mean(vectors, axis=0, dtype=np.float32)
    _, directions = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    return centred @ directions[:, ::-1][:, :TEXT_SIZE].astype(np.float32)


def _level(block: Table) -> Table:
    centred = block.astype(np.float64) - block.mean(axis=0, dtype=np.float64)
    length = float(np.sqrt((centred**2).sum(axis=1).mean()))
    levelled: Table = (centred / length if varies(length, block) else np.zeros_like(centred)).astype(
        np.float32
    )
    return levelled
