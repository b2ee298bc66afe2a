"""Softmax regressions over sentence vectors, whose weights ship for one encoder each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

FOLDER = "data"


@dataclass(frozen=True)
class SoftmaxWeights:
    """Attributes: ``slope`` float32[classes, d] and ``shift`` float32[classes]."""

    slope: npt.NDArray[np.float32]
    shift: npt.NDArray[np.float32]

    def shares(self, vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Probabilities of the classes, float64[classes].

        >>> weights = SoftmaxWeights(np.zeros((3, 2), np.float32), np.float32([0, 0, 50]))
        >>> weights.shares(np.ones(2, np.float32)).round(2).tolist()
        [0.0, 0.0, 1.0]
        """
        odds = self.slope.astype(np.float64) @ vector + self.shift
        raised = np.exp(odds - odds.max())
        return np.asarray(raised / raised.sum())


@cache
def shipped_weights(name: str, encoder: str) -> SoftmaxWeights | None:
    """The weights of a classifier that ship for an encoder, by its name; None where there are none."""
    place = files("tastemaker.agent.nlu") / FOLDER / weights_file(name, encoder)
    if not place.is_file():
        return None
    with place.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return SoftmaxWeights(arrays["slope"].astype(np.float32), arrays["shift"].astype(np.float32))


def weights_file(name: str, encoder: str) -> str:
    """What the file of a classifier's weights is called.

    >>> weights_file("stance", "sentence-transformers/all-MiniLM-L6-v2")
    'stance-sentence-transformers--all-MiniLM-L6-v2.npz'
    """
    return f"{name}-{encoder.replace('/', '--')}.npz"
