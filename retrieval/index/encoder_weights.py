"""Small weights that ship with the project for one encoder each, and the softmax regressions among them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

FOLDER = "data"
Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class SoftmaxWeights:
    """A classifier of sentence vectors: ``slope`` float32[classes, d] and ``shift`` float32[classes]."""

    slope: npt.NDArray[np.float32]
    shift: npt.NDArray[np.float32]

    def shares(self, vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Probabilities of the classes, float64[classes].

        >>> weights = SoftmaxWeights(np.zeros((3, 2), np.float32), np.float32([0, 0, 50]))
        >>> weights.shares(np.ones(2, np.float32)).round(2).tolist()
        [0.0, 0.0, 1.0]
        """
        odds = self._slope @ vector + self.shift
        raised = np.exp(odds - odds.max())
        return np.asarray(raised / raised.sum())

    @cached_property
    def _slope(self) -> npt.NDArray[np.float64]:
        return self.slope.astype(np.float64)


def shipped_arrays(package: str, name: str, encoder: str) -> Arrays | None:
    """Arrays by name that a package has for an encoder, by the encoder's name; None where there are none."""
    place = files(package) / FOLDER / weights_file(name, encoder)
    if not place.is_file():
        return None
    with place.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return dict(arrays)


@cache
def shipped_softmax(package: str, name: str, encoder: str) -> SoftmaxWeights | None:
    """A classifier's weights that a package has for an encoder; None where there are none."""
    arrays = shipped_arrays(package, name, encoder)
    return softmax_of(arrays) if arrays else None


def softmax_of(arrays: Arrays) -> SoftmaxWeights:
    """Weights as they are kept: ``slope`` and ``shift``, of any precision."""
    return SoftmaxWeights(arrays["slope"].astype(np.float32), arrays["shift"].astype(np.float32))


def weights_file(name: str, encoder: str) -> str:
    """What the file of such weights is called.

    >>> weights_file("stance", "sentence-transformers/all-MiniLM-L6-v2")
    'stance-sentence-transformers--all-MiniLM-L6-v2.npz'
    """
    return f"{name}-{encoder.replace('/', '--')}.npz"
