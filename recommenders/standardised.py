"""Scores of different models on one scale."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

ROUNDING = 1e-6
"""Equal float32 numbers seem to differ by so much of their size."""


def varies(spread: float, values: npt.NDArray[np.float32]) -> bool:
    """Whether a deviation of some values is more than their rounding.

    >>> varies(0.0, np.ones(2, np.float32)), varies(1.0, np.array([0, 2], np.float32))
    (False, True)
    """
    return spread > ROUNDING * float(np.abs(values).max(initial=0.0))


def standardise(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Rows of mean 0 and standard deviation 1; a row of equal scores becomes zeros.

    >>> standardise(np.array([[1, 3], [5, 5]], np.float32)).tolist()
    [[-1.0, 1.0], [0.0, 0.0]]
    """
    centred = scores - scores.mean(axis=1, keepdims=True)
    deviation = centred.std(axis=1, keepdims=True)
    rows: npt.NDArray[np.float32] = centred / np.where(deviation > 0, deviation, 1)
    return rows
