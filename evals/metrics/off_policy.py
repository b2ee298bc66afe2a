"""What another ranking would have met with, from a log that knows how likely what it showed was.

A ranking is judged by the items in its lists; an item counts the same at any rank of a list.
``shown`` are the items that a log showed, n over all turns. ``weights`` are the inverse of the
probability that the item was in its turn's list, where the other ranking's list has it too,
and 0 where it has not. ``rewards`` say what came of them, such as 1 for chosen. All float64[n].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

TAIL = 0.01
"""The largest weights, as a share of all, whose share of the total is reported."""


def ips(rewards: npt.ArrayLike, weights: npt.ArrayLike, turns: int) -> float:
    """Reward per turn by inverse propensity scoring (Horvitz and Thompson, 1952): unbiased, of high variance.

    Two turns, an item in each. The first, chosen, was shown with probability 1/2; the second met with nothing.
    (1 * 2 + 0 * 4) / 2 = 1.

    >>> ips([1, 0], [2, 4], turns=2)
    1.0
    """
    return float(np.dot(np.asarray(rewards, np.float64), np.asarray(weights, np.float64)) / turns)


def snips(rewards: npt.ArrayLike, weights: npt.ArrayLike, turns: int, listed: int) -> float:
    """The same, divided by what the weights come to instead of what they should (Swaminathan and Joachims, 2015).

    The other ranking lists ``listed`` items over all turns, which is what its weights sum to on
    average. Here two items, and weights of 6: 2 / 6 of reward per item, for one item a turn.

    >>> round(snips([1, 0], [2, 4], turns=2, listed=2), 4)
    0.3333
    """
    total = float(np.sum(np.asarray(weights, np.float64)))
    return ips(rewards, weights, turns) * listed / total if total else 0.0


def doubly_robust(
    rewards: npt.ArrayLike, weights: npt.ArrayLike, guessed: npt.ArrayLike, listed: npt.ArrayLike, turns: int
) -> float:
    """What a model guesses for the other ranking's lists, corrected where the log knows (Dudik et al., 2011).

    Args:
        rewards, weights: as above.
        guessed: the model's guess for each item shown, float64[n].
        listed: its guess for each item that the other ranking lists, float64[m].
        turns: how many.

    Guesses of 1/4 for both items listed come to 1/2; the log adds (1 - 1/4) * 2 + (0 - 1/4) * 4 = 1/2.
    Over two turns that is 1/2.

    >>> doubly_robust([1, 0], [2, 4], [0.25, 0.25], [0.25, 0.25], turns=2)
    0.5
    """
    wrong = np.asarray(rewards, np.float64) - np.asarray(guessed, np.float64)
    return float(np.sum(np.asarray(listed, np.float64))) / turns + ips(wrong, weights, turns)


def effective_sample_size(weights: npt.ArrayLike) -> float:
    """How many equal weights would be as good: (sum w)^2 / sum w^2 (Kish, 1965).

    >>> effective_sample_size([2, 2, 0]), effective_sample_size([1, 1, 1, 9]), effective_sample_size([0.0])
    (2.0, 1.7142857142857142, 0.0)
    """
    held = np.asarray(weights, np.float64)
    squares = float(np.sum(held**2))
    return float(np.sum(held)) ** 2 / squares if squares else 0.0


@dataclass(frozen=True)
class Tails:
    """How much hangs on few weights.

    Attributes:
        largest: the largest weight.
        share: of the total that the largest weights, one in a hundred and at least one, come to.
        used: how many weights are not 0.
    """

    largest: float
    share: float
    used: int


def tails(weights: npt.ArrayLike) -> Tails:
    """The diagnosis of some weights.

    >>> tails([6, 2, 0, 0])
    Tails(largest=6.0, share=0.75, used=2)
    """
    held = np.sort(np.asarray(weights, np.float64))[::-1]
    total = float(held.sum())
    most = held[: max(1, round(TAIL * len(held)))]
    return Tails(
        float(max(held, default=0.0)), float(most.sum()) / total if total else 0.0, int((held > 0).sum())
    )
