"""Batches of sessions: what a person took before, session by session, and what the next one held."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from tastemaker.recommenders.data.sessions import KnownItems, SessionHistory, known_items

Longs = npt.NDArray[np.int64]
FEATURES = 5
"""Of a known item: log activation share, log uses, log age, share of sessions, spread from the last session."""
FLOOR = 1e-4
"""Activation of an item that was not known."""


@dataclass(frozen=True)
class SessionExample:
    """A person at the door of a session.

    Attributes:
        sessions: int64[m] each, distinct items of the latest sessions, the oldest first.
        activation: float32[m] each, base level of these items when their session began.
        spread: float32[m] each, how much the session's other items make one think of each.
        known: the person's items at the moment asked about.
        features: float32[k, FEATURES] of these.
        target: int64[t], what the session held; empty at serving.
    """

    sessions: list[Longs]
    activation: list[npt.NDArray[np.float32]]
    spread: list[npt.NDArray[np.float32]]
    known: Longs
    features: npt.NDArray[np.float32]
    target: Longs


@dataclass(frozen=True)
class SessionBatch:
    """b examples as tensors; padding is row 0 and masked.

    Attributes:
        rows: int64[b, s, m].
        real: bool[b, s, m].
        activation, spread: float32[b, s, m].
        lengths: int64[b], sessions of each.
        known: int64[b, k].
        is_known: bool[b, k].
        features: float32[b, k, FEATURES].
        target_rows: int64[b, t].
        is_target: bool[b, t].
    """

    rows: Tensor
    real: Tensor
    activation: Tensor
    spread: Tensor
    lengths: Tensor
    known: Tensor
    is_known: Tensor
    features: Tensor
    target_rows: Tensor
    is_target: Tensor

    @property
    def targets(self) -> Tensor:
        """All items of the sessions asked about, int64[n]."""
        return self.target_rows[self.is_target]

    def __len__(self) -> int:
        """Examples."""
        return len(self.lengths)

    def only(self, own: Tensor) -> SessionBatch:
        """Some of the examples, bool[b]."""
        return SessionBatch(*(getattr(self, field.name)[own] for field in fields(self)))


class SessionBatches:
    """Examples in random batches; those of like size share one.

    Args:
        examples: what to deal out.
        batch_size: examples of a batch.
    """

    def __init__(self, examples: Sequence[SessionExample], batch_size: int) -> None:
        self._examples, self._batch_size = examples, batch_size
        self._sizes = np.array([len(one.sessions) for one in examples])

    def __len__(self) -> int:
        """Batches in an epoch."""
        return math.ceil(len(self._examples) / self._batch_size)

    def epoch(self, random: np.random.Generator) -> Iterator[SessionBatch]:
        """One pass; equal generators give equal batches."""
        shuffled = random.permutation(len(self._examples))
        by_size = shuffled[np.argsort(self._sizes[shuffled], kind="stable")]
        for number in random.permutation(len(self)):
            chosen = by_size[number * self._batch_size : (number + 1) * self._batch_size]
            yield collate([self._examples[place] for place in chosen])


def example(
    history: SessionHistory, now: float, most_sessions: int, most_known: int, decay: float, target: Longs
) -> SessionExample:
    """What is known of a person at a moment; ``target`` is copied, never looked at.

    Args:
        history: what came before.
        now: the moment, in the unit of its times.
        most_sessions: so many of the latest are looked at one by one.
        most_known: so many of the most active items may be repeated.
        decay: of the base level.
        target: int64[t].
    """
    known = known_items(history, now, decay, most_known)
    window = range(max(0, history.count - most_sessions), history.count)
    sessions = [history.items_of(session) for session in window]
    activation = [
        _base_levels(history, session, own, decay) for session, own in zip(window, sessions, strict=True)
    ]
    spread = [_within(history, session, own) for session, own in zip(window, sessions, strict=True)]
    return SessionExample(sessions, activation, spread, known.rows, _features(known, history.count), target)


def _base_levels(history: SessionHistory, session: int, own: Longs, decay: float) -> npt.NDArray[np.float32]:
    """Share of activation that each item of a session had when it began; the floor where it was new."""
    before = history.until(session)
    levels = np.full(len(own), FLOOR, np.float32)
    if before.count:
        ages = np.maximum(history.times[session] - before.times[before.number], 1.0) ** -decay
        same = before.rows[None, :] == own[:, None]
        levels = np.maximum((same * ages).sum(1) / ages.sum(), FLOOR).astype(np.float32)
    return levels


def _within(history: SessionHistory, session: int, own: Longs) -> npt.NDArray[np.float32]:
    """How often each item stood with the session's others in this person's earlier sessions, per other item."""
    before = history.until(session)
    if not before.count or len(own) < 2:
        return np.zeros(len(own), np.float32)
    has = np.zeros((before.count, len(own)), np.float32)
    for place, row in enumerate(own):
        has[before.number[before.rows == row], place] = 1
    together = has.T @ has
    np.fill_diagonal(together, 0)
    share: npt.NDArray[np.float32] = together.sum(1) / (before.count * (len(own) - 1))
    return share


def _features(known: KnownItems, sessions: int) -> npt.NDArray[np.float32]:
    columns = (
        np.log(np.maximum(known.activation, FLOOR)) + 4,
        np.log(np.maximum(known.uses, 1)),
        -np.log(known.ages),
        known.uses / max(sessions, 1),
        known.spread,
    )
    return np.stack(columns, axis=1).astype(np.float32)


def collate(examples: Sequence[SessionExample]) -> SessionBatch:
    """Examples side by side, padded to the largest."""
    b = len(examples)
    lengths = np.array([len(one.sessions) for one in examples], np.int64)
    widest = max(max((len(own) for own in one.sessions), default=0) for one in examples)
    shape = (b, max(1, int(lengths.max())), max(1, widest))
    rows, real = np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
    activation, spread = np.full(shape, FLOOR, np.float32), np.zeros(shape, np.float32)
    for place, one in enumerate(examples):
        for session, own in enumerate(one.sessions):
            part = (place, session, slice(len(own)))
            rows[part], real[part] = own, True
            activation[part], spread[part] = one.activation[session], one.spread[session]
    most = max(1, *(len(one.known) for one in examples))
    known, is_known = np.zeros((b, most), np.int64), np.zeros((b, most), np.bool_)
    features = np.zeros((b, most, FEATURES), np.float32)
    longest = max(len(one.target) for one in examples)
    targets, is_target = np.zeros((b, longest), np.int64), np.zeros((b, longest), np.bool_)
    for place, one in enumerate(examples):
        k, t = len(one.known), len(one.target)
        known[place, :k], is_known[place, :k], features[place, :k] = one.known, True, one.features
        targets[place, :t], is_target[place, :t] = one.target, True
    arrays = (rows, real, activation, spread, lengths, known, is_known, features, targets, is_target)
    return SessionBatch(*map(torch.from_numpy, arrays))
