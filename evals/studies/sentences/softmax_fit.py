"""Fit the small classifiers over sentence vectors that the package ships, and score them by folds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from tastemaker.retrieval.index.encoder_weights import SoftmaxWeights

FOLDS = 10
PENALTY = 0.1
"""Of the squared weights beside the summed loss of the sentences; .03 to .3 give the same within .01."""
Matrix = npt.NDArray[np.float64]


def by_folds(
    vectors: Matrix, wanted: npt.NDArray[np.int64], classes: int, seed: int = 0
) -> npt.NDArray[np.int64]:
    """The likeliest class of each sentence by weights fitted on the other folds, int64[n]."""
    fold = np.random.default_rng(seed).permutation(len(wanted)) % FOLDS
    found = np.zeros(len(wanted), dtype=np.int64)
    for one in range(FOLDS):
        weights = fit(vectors[fold != one], wanted[fold != one], classes)
        for row in np.flatnonzero(fold == one):
            found[row] = weights.shares(vectors[row].astype(np.float32)).argmax()
    return found


def fit(
    vectors: Matrix, wanted: npt.NDArray[np.int64], classes: int, penalty: float = PENALTY
) -> SoftmaxWeights:
    """Softmax regression with squared weights held down; convex, so the start does not matter.

    Args:
        vectors: float64[n, d].
        wanted: int64[n], the class of each.
        classes: how many there are.
        penalty: of the squared weights beside the summed loss.
    """
    n, d = vectors.shape
    target = np.eye(classes)[wanted]

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        slope, shift = flat[:-classes].reshape(classes, d), flat[-classes:]
        odds = vectors @ slope.T + shift
        odds -= odds.max(axis=1, keepdims=True)
        logs = odds - np.log(np.exp(odds).sum(axis=1, keepdims=True))
        error = (np.exp(logs) - target) / n
        slopes = error.T @ vectors + 2 * penalty / n * slope
        value = -float((target * logs).sum()) / n + penalty / n * float((slope**2).sum())
        return value, np.concatenate([slopes.ravel(), error.sum(axis=0)])

    solved = minimize(loss, np.zeros(classes * (d + 1)), jac=True, method="L-BFGS-B")
    slope = solved.x[:-classes].reshape(classes, d)
    return SoftmaxWeights(slope.astype(np.float32), solved.x[-classes:].astype(np.float32))
