"""A short list that does not repeat itself: marginal relevance, caps by attribute, novelty.

All functions take candidates as parallel arrays and give places in them, so that they fit
behind any search.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.errors import QueryError

Column = npt.NDArray[np.floating]
Matrix = npt.NDArray[np.floating]

BALANCE = 0.7
"""Share of relevance beside unlikeness, as in the source's examples."""


@dataclass(frozen=True, slots=True)
class Cap:
    """At most ``most`` of the chosen candidates share a value, such as a director.

    Attributes:
        values: per candidate, the values it has; one without values is never held back.
        most: how many chosen candidates may have the same value, at least 1.
    """

    values: Sequence[Collection[str]]
    most: int


def diversify(
    scores: Column, vectors: Matrix, k: int, balance: float = BALANCE, caps: Sequence[Cap] = ()
) -> list[int]:
    """Maximal marginal relevance: each next candidate is relevant and unlike those already chosen.

    Carbonell and Goldstein, SIGIR 1998: the next is the one with the highest ``balance *
    relevance - (1 - balance) * cosine`` to its closest neighbour among the chosen, relevance
    being the scores stretched over 0 to 1. The first is the one with the best score.

    >>> vectors = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> diversify(np.array([3.0, 2.9, 1.0]), vectors, k=2, balance=0.5)
    [0, 2]
    >>> diversify(np.array([3.0, 2.9, 1.0]), vectors, k=2, balance=1)
    [0, 1]

    Args:
        scores: higher is better, on any scale, finite: float[n].
        vectors: unit vectors of the candidates, float[n, d].
        k: how many.
        balance: 1 is the order of the scores, 0 unlikeness alone.
        caps: kept to without exception.

    Returns:
        At most k places, the first chosen first; fewer only where there are fewer or the caps
        allow no more. Equal ones go in the order in which they came.

    Raises:
        QueryError: the shapes don't fit, a score is not finite, ``balance`` is outside 0 to 1, or a
            cap is below 1.
    """
    _check(scores, vectors, balance)
    worth = balance * _rescale(scores)
    open_, closing = np.ones(len(scores), dtype=np.bool_), _Closing(caps, len(scores))
    nearest = np.full(len(scores), -1.0)
    chosen: list[int] = []
    while len(chosen) < k and open_.any():
        place = int(np.argmax(np.where(open_, worth - (1 - balance) * nearest, -np.inf)))
        chosen.append(place)
        open_[[place, *closing.after(place)]] = False
        np.maximum(nearest, vectors @ vectors[place], out=nearest)
    return chosen


def within_caps(order: Iterable[int], caps: Sequence[Cap], k: int) -> list[int]:
    """The first k places of an order that keep within the caps.

    >>> by = Cap([["Lynch"], ["Lynch"], ["Mann"], ["Lynch"], []], most=1)
    >>> within_caps(range(5), [by], k=3)
    [0, 2, 4]

    Raises:
        QueryError: a cap is below 1.
    """
    order = list(order)
    closing, closed, chosen = _Closing(caps, None), set[int](), list[int]()
    for place in order:
        if len(chosen) >= k:
            break
        if place not in closed:
            chosen.append(place)
            closed.update(closing.after(place))
    return chosen


def novelty(vectors: Matrix, history: Matrix) -> npt.NDArray[np.float64]:
    """How unlike everything seen each candidate is: 1 minus its highest cosine, float64[n]; 1 without history.

    >>> novelty(np.array([[1.0, 0.0], [0.6, 0.8]]), np.array([[1.0, 0.0]])).round(2).tolist()
    [0.0, 0.4]
    """
    if not len(history):
        return np.ones(len(vectors))
    return np.asarray(1 - (vectors @ history.T).max(axis=1), dtype=np.float64)


class _Closing:
    """Counts what was chosen; says which candidates a full cap closes."""

    def __init__(self, caps: Sequence[Cap], expected: int | None) -> None:
        for cap in caps:
            if cap.most < 1:
                raise QueryError(f"a cap of {cap.most} lets nothing through; the least is 1")
            if expected is not None and len(cap.values) != expected:
                raise QueryError(f"a cap has values for {len(cap.values)} candidates of {expected}")
        self._caps = [(cap, _holders(cap.values), dict[str, int]()) for cap in caps]

    def after(self, place: int) -> list[int]:
        """Candidates that may no longer be chosen once this one is."""
        closed: list[int] = []
        for cap, holders, counts in self._caps:
            for value in set(cap.values[place]):
                counts[value] = counts.get(value, 0) + 1
                if counts[value] == cap.most:
                    closed += holders[value]
        return closed


def _holders(values: Sequence[Collection[str]]) -> dict[str, list[int]]:
    holders: dict[str, list[int]] = {}
    for place, own in enumerate(values):
        for value in own:
            holders.setdefault(value, []).append(place)
    return holders


def _rescale(scores: Column) -> npt.NDArray[np.float64]:
    """Scores over 0 to 1; zeros where all are equal."""
    if not len(scores):
        return np.zeros(0)
    low, high = float(scores.min()), float(scores.max())
    return (np.asarray(scores, dtype=np.float64) - low) / ((high - low) or 1.0)


def _check(scores: Column, vectors: Matrix, share: float) -> None:
    if scores.ndim != 1 or vectors.ndim != 2 or len(scores) != len(vectors):
        raise QueryError(f"scores of shape {scores.shape} don't fit vectors of shape {vectors.shape}")
    if not np.isfinite(scores).all():
        raise QueryError("a score is not finite; leave out candidates that have none")
    if not 0 <= share <= 1:
        raise QueryError(f"a share of {share} is not allowed; choose one from 0 to 1")
