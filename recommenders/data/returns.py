"""What a person still got out of a log after each step: rewards, their sums to come, and how these rank.

Chen et al., "Decision Transformer" (NeurIPS 2021) train on such sums; the trend beside them is that of TADT-CSA.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.interactions import Interactions

Floats = npt.NDArray[np.float64]
MOST = 2.0
"""Standard deviations at which a reward is cut off."""
DAY = 86_400.0
PAUSE, SOON = DAY / 2, 7 * DAY
"""A longer pause ends a visit; a person who is back before the second has passed was kept."""


def rating_rewards(log: Interactions, per_person: bool = True) -> Floats:
    """How well each interaction went, float64[n], in standard deviations; 1 everywhere without ratings.

    Args:
        log: the interactions; a missing rating counts as the mean.
        per_person: measure from the person's own mean and spread instead of everyone's.
    """
    if log.rating is None or np.isnan(log.rating).all():
        return np.ones(len(log))
    rating = log.rating.astype(np.float64)
    known = ~np.isnan(rating)
    group = log.user if per_person else np.zeros(len(log), np.int64)
    count = np.maximum(np.bincount(group, known), 1)
    mean = np.bincount(group, np.where(known, rating, 0)) / count
    apart = np.where(known, rating - mean[group], 0)
    spread = np.sqrt(np.bincount(group, apart**2) / count)
    rewards: Floats = np.clip(apart / np.where(spread > 1e-9, spread, 1)[group], -MOST, MOST)
    return rewards


def return_rewards(log: Interactions) -> Floats:
    """1 for the last interaction of a visit whose person was back within :data:`SOON`, else 0: float64[n]."""
    pause = np.zeros(len(log))
    pause[:-1] = np.where(log.user[1:] == log.user[:-1], np.diff(log.timestamp), 0)
    rewards: Floats = ((pause > PAUSE) & (pause < SOON)).astype(np.float64)
    return rewards


def returns_to_go(log: Interactions, rewards: Floats, discount: float) -> Floats:
    """Each interaction's reward plus the discounted ones of the same person after it, float64[n].

    >>> log = Interactions.from_columns(["u", "u", "v"], [0, 1, 2])
    >>> returns_to_go(log, np.array([1.0, 2.0, 4.0]), discount=0.5).tolist()
    [2.0, 2.0, 4.0]
    """
    returns = rewards.astype(np.float64).copy()
    for place in range(len(log) - 2, -1, -1):
        if log.user[place] == log.user[place + 1]:
            returns[place] += discount * returns[place + 1]
    return returns


def trends(log: Interactions, returns: Floats, discount: float) -> Floats:
    """Whether a person's returns were on the rise, the latest steps counting most, float64[n].

    >>> log = Interactions.from_columns(["u", "u", "u"], [0, 1, 2])
    >>> trends(log, np.array([1.0, 3.0, 2.0]), discount=0.5).tolist()
    [0.0, 2.0, 0.0]
    """
    trend = np.zeros(len(log))
    for place in range(1, len(log)):
        if log.user[place] == log.user[place - 1]:
            trend[place] = discount * trend[place - 1] + returns[place] - returns[place - 1]
    return trend


def quantiles(values: Floats) -> npt.NDArray[np.float32]:
    """Where each value lies among all, float32[n] between 0 and 1; equal values lie in the middle of theirs.

    >>> quantiles(np.array([5.0, 1.0, 5.0, 9.0])).tolist()
    [0.5, 0.125, 0.5, 0.875]
    """
    from scipy.stats import rankdata  # takes seconds to import, and only training needs it

    shares: npt.NDArray[np.float32] = ((rankdata(values) - 0.5) / max(len(values), 1)).astype(np.float32)
    return shares
