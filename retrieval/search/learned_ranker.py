"""The learned ranker: a linear model and a few hidden units over a candidate's features, in NumPy.

Fitted by ``python -m tastemaker.evals.studies.search_ranker`` on typed film queries, on posts that
describe a film and on requests for dishes. No feature knows what the items are, so it serves any catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.atomic_write import replace_file
from tastemaker.retrieval.errors import ConfigError

Matrix = npt.NDArray[np.float32]

FILE = "data/search-ranker.npz"
FAR = 4.0
"""A feature counts as at most so many standard deviations from its mean."""


@dataclass(frozen=True)
class LearnedRanker:
    """The weights.

    Attributes:
        names: of the features, in order.
        mean, spread: of the features where it was fitted, float32[d].
        line: float32[d].
        hidden, shift: float32[d, h] and float32[h].
        out: float32[h].
    """

    names: tuple[str, ...]
    mean: Matrix
    spread: Matrix
    line: Matrix
    hidden: Matrix
    shift: Matrix
    out: Matrix

    def scores(self, features: Matrix) -> Matrix:
        """Log odds of relevance up to a constant of the query, float32[n], from float32[n, d]."""
        near = np.clip((features - self.mean) / self.spread, -FAR, FAR)
        return np.asarray(near @ self.line + np.tanh(near @ self.hidden + self.shift) @ self.out, np.float32)

    def save(self, path: Path) -> None:
        """Write the weights atomically."""
        with replace_file(path) as file:
            np.savez(
                file,
                names=np.array(self.names),
                mean=self.mean,
                spread=self.spread,
                line=self.line,
                hidden=self.hidden,
                shift=self.shift,
                out=self.out,
            )


@cache
def shipped_ranker(names: Sequence[str]) -> LearnedRanker:
    """The ranker in the package.

    Raises:
        ConfigError: it was fitted on other features than these.
    """
    with (
        (files("tastemaker.retrieval") / FILE).open("rb") as file,
        np.load(file, allow_pickle=False) as arrays,
    ):
        fitted = tuple(str(name) for name in arrays["names"])
        if fitted != tuple(names):
            raise ConfigError(
                f"the search ranker's weights are for {len(fitted)} features, the search has {len(names)}; "
                "fit it again with python -m tastemaker.evals.studies.search_ranker --write"
            )
        parts = [
            arrays[name].astype(np.float32) for name in ("mean", "spread", "line", "hidden", "shift", "out")
        ]
    return LearnedRanker(fitted, *parts)
