"""Several ways of finding an item made into one score: a weighted mean of cosines and word shares.

Fox and Shaw, "Combination of Multiple Searches" (TREC-2, 1994), without standardisation: all
three are at most 1 and mean the same for every query. Reciprocal rank fusion (Cormack et al.,
SIGIR 2009) was measured beside it and is no better (``evals/described_study.py``, LOG.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each way of finding an item counts; only their proportions matter.

    Fitted by ``python -m tastemaker.evals.studies.described_study --fit`` on the validation half of the
    described requests.

    Attributes:
        meaning: cosine of the wish with the vector of the item's text.
        phrase: cosine of the wish with the item's nearest tag.
        words: share of the wish's words that the item holds.
    """

    meaning: float = 0.33
    phrase: float = 0.15
    words: float = 0.52


FITTED = Weights()


def fuse(columns: Mapping[str, Column], weights: Weights) -> Column:
    """The weighted mean of the columns that are there, float32[n].

    >>> fuse({"meaning": np.float32([0.5, 1]), "phrase": np.float32([1, 0])}, Weights(3, 1, 9)).tolist()
    [0.625, 0.75]

    Args:
        columns: by the names in :class:`Weights`, at least one, float32[n] each.
        weights: those of absent columns are left out of the mean.
    """
    shares = asdict(weights)
    total = sum(shares[name] * column for name, column in columns.items())
    fused: Column = np.asarray(total / sum(shares[name] for name in columns), dtype=np.float32)
    return fused
