"""Types of arrays that every recommender speaks of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
"""Scores over a vocabulary, float32[n_items] or float32[n, n_items]."""

Arrays = Mapping[str, npt.NDArray[np.generic]]
"""What a model saves, by name."""
