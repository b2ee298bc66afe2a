"""Columns of scores on one scale, so that they can be added."""

from __future__ import annotations

import numpy as np

from tastemaker.tools.kept_columns import Column

MAX_DEVIATIONS = 4.0
"""No text is nearer than this: one word that stands in one title would drown all else."""


def standardise(column: Column) -> Column:
    """A column with mean 0 and deviation 1, cut above :data:`MAX_DEVIATIONS`, float32[n_items]."""
    deviation = float(column.std()) or 1.0
    capped = np.minimum((column - column.mean()) / deviation, MAX_DEVIATIONS)
    return np.asarray(capped, dtype=np.float32)
