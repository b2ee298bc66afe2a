"""Linear regression of several targets on vectors, with a square penalty.

Hoerl and Kennard, "Ridge Regression: Biased Estimation for Nonorthogonal Problems" (Technometrics, 1970).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Ridge:
    """target = mean + (x - centre) @ slopes.

    Attributes:
        slopes: float32[d, f].
        centre: of the inputs, float32[d].
        mean: of the targets, float32[f].
    """

    slopes: Table
    centre: Table
    mean: Table

    @classmethod
    def fit(cls, inputs: Table, targets: Table, penalty: float) -> Ridge:
        """The least squared error plus ``penalty`` times the squared slopes; the means are not penalised.

        One input, two points on the line y = 2x: the slope of 2 shrinks to 2 * 2 / (2 + 2).

        >>> ridge = Ridge.fit(np.array([[0.0], [2.0]]), np.array([[0.0], [4.0]]), penalty=2.0)
        >>> ridge.slopes.item(), ridge.predict(np.array([1.0])).item()
        (1.0, 2.0)
        """
        centre, mean = inputs.mean(axis=0), targets.mean(axis=0)
        x, y = (inputs - centre).astype(np.float64), (targets - mean).astype(np.float64)
        slopes = np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ y)
        return cls(slopes.astype(np.float32), centre.astype(np.float32), mean.astype(np.float32))

    def predict(self, inputs: Table) -> Table:
        """float32[d] -> float32[f], or float32[n, d] -> float32[n, f]."""
        predicted: Table = (self.mean + (inputs - self.centre) @ self.slopes).astype(np.float32)
        return predicted
