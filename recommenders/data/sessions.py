"""Histories cut into sessions by the pauses between events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FIRST_TIME = 1e8
"""Seconds; smaller numbers are places in a log without times, where each event is a session of its own."""


def session_numbers(times: Floats, gap: float) -> Longs:
    """Which session each event belongs to, from 0 on: int64[n].

    Args:
        times: float64[n], seconds, ascending.
        gap: a pause of more than so many seconds ends a session.

    >>> session_numbers(np.array([0.0, 60.0, 4000.0, 4060.0]) + 1e9, gap=1200).tolist()
    [0, 0, 1, 1]
    >>> session_numbers(np.array([0.0, 1.0, 2.0]), gap=1200).tolist()
    [0, 1, 2]
    """
    broken = np.diff(times) > gap
    if len(times) and times[-1] < FIRST_TIME:
        broken[:] = True
    return np.concatenate([np.zeros(min(1, len(times)), np.int64), np.cumsum(broken)]).astype(np.int64)


@dataclass(frozen=True)
class SessionHistory:
    """One person's events by session.

    Attributes:
        rows: int64[n], items, the oldest first.
        number: int64[n], ascending: the session of each.
        times: float64[sessions], when each began, counted in gaps; in steps where there are no times.
    """

    rows: Longs
    number: Longs
    times: Floats

    @classmethod
    def of(cls, rows: Longs, times: Floats | None, gap: float) -> SessionHistory:
        """Of a history with times, or without."""
        moments = np.arange(len(rows), dtype=np.float64) if times is None else times
        number = session_numbers(moments, gap)
        first = np.flatnonzero(np.diff(number, prepend=-1))
        timed = len(moments) > 0 and moments[-1] >= FIRST_TIME
        return cls(rows, number, moments[first] / (gap if timed else 1.0))

    @property
    def count(self) -> int:
        """Sessions."""
        return len(self.times)

    def until(self, session: int) -> SessionHistory:
        """What came before a session."""
        end = int(np.searchsorted(self.number, session))
        return SessionHistory(self.rows[:end], self.number[:end], self.times[:session])

    def items_of(self, session: int) -> Longs:
        """Distinct items of a session, in the order in which they were taken."""
        start, end = np.searchsorted(self.number, [session, session + 1])
        own = self.rows[start:end]
        return own[np.sort(np.unique(own, return_index=True)[1])]


@dataclass(frozen=True)
class KnownItems:
    """What memory holds of a person's items at a moment.

    Attributes:
        rows: int64[k], the items taken before, the most active first.
        activation: float64[k], share of all base-level activation (ACT-R): sum over uses of age^-decay.
        uses: int64[k], in how many sessions each was taken.
        ages: float64[k], since the last of them, in gaps or steps, at least 1.
        spread: float64[k], how often an item stood in a session with those of the last one, per such session.
    """

    rows: Longs
    activation: Floats
    uses: Longs
    ages: Floats
    spread: Floats


def known_items(history: SessionHistory, now: float, decay: float, most: int) -> KnownItems:
    """A person's items at a moment.

    Args:
        history: what came before it.
        now: the moment, in the unit of ``history.times``.
        decay: how fast uses are forgotten; .5 in ACT-R.
        most: so many of the most active are kept.
    """
    pairs = np.unique(np.stack([history.rows, history.number]), axis=1)  # once a session
    rows, place = np.unique(pairs[0], return_inverse=True)
    ages = np.maximum(now - history.times[pairs[1]], 1.0)
    active = np.bincount(place, ages**-decay, len(rows))
    youngest = np.full(len(rows), np.inf)
    np.minimum.at(youngest, place, ages)
    uses = np.bincount(place, minlength=len(rows))
    spread = _spread(pairs, place, len(rows), history.count)
    order = np.argsort(-active, kind="stable")[:most]
    shares = active / max(active.sum(), 1e-12)
    return KnownItems(rows[order], shares[order], uses[order], youngest[order], spread[order])


def _spread(pairs: Longs, place: Longs, n_rows: int, sessions: int) -> Floats:
    """Of each item: of the earlier sessions with an item of the last one, the share in which it stood as well."""
    if sessions < 2:
        return np.zeros(n_rows)
    last = np.unique(place[pairs[1] == sessions - 1])
    has = np.zeros((sessions, n_rows), np.bool_)
    has[pairs[1], place] = True
    alike = has[:-1, last].any(1)
    share: Floats = has[:-1][alike].mean(0) if alike.any() else np.zeros(n_rows)
    return share


def distinct_sessions(history: SessionHistory, sessions: Sequence[int]) -> list[Longs]:
    """Distinct items of each of these sessions."""
    return [history.items_of(session) for session in sessions]
