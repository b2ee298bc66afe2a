"""What the replayed lists would have met with, as far as the log can tell: estimates, diagnosis, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.metrics.cluster_bootstrap import draws, interval_of
from tastemaker.evals.metrics.off_policy import Tails, doubly_robust, effective_sample_size, ips, snips, tails
from tastemaker.evals.runs.run_folder import Row
from tastemaker.retrieval.errors import DataError

Values = npt.NDArray[np.float64]
ESTIMATES = ("logged", "IPS", "SNIPS", "doubly robust")


@dataclass(frozen=True)
class Value:
    """Reward per turn, and how far it may be trusted.

    Attributes:
        turns, sessions: what it speaks of.
        estimates: by name; ``logged`` is what the log's own lists met with.
        effective: effective sample size of the weights that are not 0.
        tails: how much hangs on few of them.
    """

    turns: int
    sessions: int
    estimates: Mapping[str, Interval]
    effective: float
    tails: Tails


def support(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Rows of ranked turns: those whose every item the log could have shown, and the others."""
    ranked = [row for row in rows if row.get("policy") and not row.get("error")]
    held = [row for row in ranked if all(one["inclusion"] > 0 for one in row["policy"]["listed"])]
    kept = {id(row) for row in held}
    return held, [row for row in ranked if id(row) not in kept]


def value_of(rows: Sequence[Row], reward: str, *, supported_only: bool = False, seed: int = 0) -> Value:
    """Estimate the reward per turn of the replayed lists.

    Args:
        rows: of a run of the kind ``replay``.
        reward: which kind of event counts 1 for an item, such as ``chosen``.
        supported_only: leave turns without support out; the value is then that of the others alone.
        seed: of the bootstrap, which draws whole sessions.

    Raises:
        DataError: no turn was ranked, or a list holds items that the log could not have shown.
    """
    held, lacking = support(rows)
    if lacking and (not supported_only or not held):
        share = max(row["policy"]["share"] for row in lacking)
        pool = max(row["policy"]["pool"] for row in lacking)
        remedy = (
            f"the log drew from the next {pool} candidates: log with a larger --explore-pool"
            if share
            else "the log has no exploration: log with --explore-share 0.05"
        )
        raise DataError(
            f"{len(lacking):,} of {len(held) + len(lacking):,} turns lack support: the replayed list holds items that "
            f"the log had no chance to show, so nothing is known of them; {remedy}"
            + (", or give --supported-only to judge the other turns alone" if held else "")
        )
    if not held:
        raise DataError("no logged turn was drawn from a ranking, so there is nothing to estimate from")
    guess = _Guesses(held, reward)
    parts = [_Part.of(row, reward, guess) for row in held]
    groups = list(dict.fromkeys(row["group"] for row in held))
    by_group = [[p for p, row in zip(parts, held, strict=True) if row["group"] == g] for g in groups]
    weights = np.concatenate([part.weights for part in parts])
    return Value(
        len(held),
        len(groups),
        _intervals(by_group, seed),
        effective_sample_size(weights),
        tails(weights[weights > 0]),
    )


@dataclass(frozen=True)
class _Part:
    """One turn: of what it showed rewards, weights, guesses; of what is listed now, guesses."""

    rewards: Values
    weights: Values
    guessed: Values
    listed: Values

    @classmethod
    def of(cls, row: Row, reward: str, guess: _Guesses) -> _Part:
        shown, listed = row["policy"]["shown"], row["policy"]["listed"]
        return cls(
            _floats(float(reward in one["met_with"]) for one in shown),
            _floats(1 / one["inclusion"] if one["listed"] and one["inclusion"] else 0.0 for one in shown),
            _floats(guess.of(one["place"], row) for one in shown),
            _floats(guess.of(one["place"], row) for one in listed),
        )


class _Guesses:
    """The reward model: the mean reward at a place of the logged ranking, in the other sessions.

    All places behind the first k count as one; a place without a reward of its own counts the mean of all, once.
    """

    def __init__(self, rows: Sequence[Row], reward: str) -> None:
        self._sums: dict[tuple[str, int], tuple[float, int]] = {}
        self._total: dict[int, tuple[float, int]] = {}
        found = [
            (row["group"], _bucket(one["place"], row), float(reward in one["met_with"]))
            for row in rows
            for one in row["policy"]["shown"]
        ]
        for group, bucket, value in found:
            total, n = self._sums.get((group, bucket), (0.0, 0))
            self._sums[group, bucket] = (total + value, n + 1)
            total, n = self._total.get(bucket, (0.0, 0))
            self._total[bucket] = (total + value, n + 1)
        self._all = (sum(value for *_, value in found), len(found))
        self._of_group: dict[str, tuple[float, int]] = {}
        for group, _, value in found:
            total, n = self._of_group.get(group, (0.0, 0))
            self._of_group[group] = (total + value, n + 1)

    def of(self, place: int | None, row: Row) -> float:
        """The guess for a place, from everything but the row's own session."""
        bucket, group = _bucket(place, row), row["group"]
        mean = _mean(_less(self._all, self._of_group.get(group, (0.0, 0))))
        total, n = _less(self._total.get(bucket, (0.0, 0)), self._sums.get((group, bucket), (0.0, 0)))
        return (total + mean) / (n + 1)


def _intervals(by_group: Sequence[Sequence[_Part]], seed: int) -> dict[str, Interval]:
    """Each estimate with a percentile bootstrap over sessions."""
    point = _estimates([part for group in by_group for part in group])
    drawn = draws(len(by_group), seed) @ np.array([_sums(group) for group in by_group])
    turns, logged, reward, weight, listed, robust = drawn.T
    with np.errstate(divide="ignore", invalid="ignore"):
        normal = np.where(weight > 0, reward / weight * listed / turns, 0.0)
    columns = (logged / turns, reward / turns, normal, robust / turns)
    return {name: interval_of(point[name], column) for name, column in zip(ESTIMATES, columns, strict=True)}


def _estimates(parts: Sequence[_Part]) -> dict[str, float]:
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("rewards", "weights", "guessed", "listed")
    }
    rewards, weights, n = joined["rewards"], joined["weights"], len(parts)
    return {
        "logged": float(rewards.sum()) / n,
        "IPS": ips(rewards, weights, n),
        "SNIPS": snips(rewards, weights, n, len(joined["listed"])),
        "doubly robust": doubly_robust(rewards, weights, joined["guessed"], joined["listed"], n),
    }


def _sums(parts: Sequence[_Part]) -> list[float]:
    """Turns, rewards, weighted rewards, weights, items listed, and the doubly robust sum of a session."""
    n = len(parts)
    found = _estimates(parts)
    weights = sum(float(part.weights.sum()) for part in parts)
    return [
        n,
        found["logged"] * n,
        found["IPS"] * n,
        weights,
        sum(len(p.listed) for p in parts),
        found["doubly robust"] * n,
    ]


def _bucket(place: int | None, row: Row) -> int:
    k = int(row["policy"]["k"])
    return k if place is None else min(place, k)


def _less(one: tuple[float, int], other: tuple[float, int]) -> tuple[float, int]:
    return one[0] - other[0], one[1] - other[1]


def _mean(held: tuple[float, int]) -> float:
    return held[0] / held[1] if held[1] else 0.0


def _floats(values: Any) -> Values:
    return np.fromiter(values, np.float64)
