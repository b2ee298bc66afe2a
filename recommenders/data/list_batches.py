"""Listwise batches: a request, some candidates for it, and what became of each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from tastemaker.recommenders.data.sequences import Sequences, pad

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Requests:
    """n requests, each with a history, a context and c candidates.

    Attributes:
        histories: int64[length] item rows of each, the oldest first; may be empty.
        times: float64[length] of each, None where unknown.
        now: when each was made.
        context: int64[n, names], codes.
        candidates: int64[n, c], item rows; where something was taken, it stands first.
        dense: float32[n, c, k], numbers about request and candidate.
        labels: float32[n, c, heads], 0 or 1, NaN where unknown; None at serving.
    """

    histories: list[Longs]
    times: list[npt.NDArray[np.float64] | None]
    now: list[float | None]
    context: Longs
    candidates: Longs
    dense: Floats
    labels: Floats | None = None

    def __len__(self) -> int:
        return len(self.histories)


@dataclass(frozen=True)
class ListBatch:
    """b requests with c candidates each, as tensors.

    Attributes:
        events: the histories; where one is empty, its length is 0.
        context: int64[b, names].
        candidates: int64[b, c].
        dense: float32[b, c, k].
        targets: float32[b, c, heads], NaN where unknown.
    """

    events: Sequences
    context: Tensor
    candidates: Tensor
    dense: Tensor
    targets: Tensor

    def __len__(self) -> int:
        """Requests."""
        return len(self.candidates)

    def only(self, own: Tensor) -> ListBatch:
        """Some of the requests, bool[b]."""
        all_ = self.events
        tensors = (all_.rows, all_.lengths, all_.timestamps, all_.next_timestamps)
        events = Sequences(*(tensor[own] for tensor in tensors))
        return ListBatch(events, self.context[own], self.candidates[own], self.dense[own], self.targets[own])


class ListBatches:
    """Requests in random batches; each epoch draws other rivals for what was taken.

    Args:
        requests: with labels; candidates but the first are drawn from.
        max_length: events of a history that are looked at.
        size: candidates of a list, the one taken included.
        batch_size: requests of a batch.
        forget: share of the context values that are hidden, so that a query that says less is served well too.
    """

    def __init__(
        self, requests: Requests, max_length: int, size: int, batch_size: int, forget: float
    ) -> None:
        self._requests, self._max_length = requests, max_length
        self._size, self._batch_size, self._forget = size, batch_size, forget

    def __len__(self) -> int:
        """Batches in an epoch."""
        return math.ceil(len(self._requests) / self._batch_size)

    def epoch(self, random: np.random.Generator) -> Iterator[ListBatch]:
        """One pass over all requests; equal generators give equal batches."""
        order = random.permutation(len(self._requests))
        for start in range(0, len(order), self._batch_size):
            yield self._draw(order[start : start + self._batch_size], random)

    def _draw(self, chosen: Longs, random: np.random.Generator) -> ListBatch:
        whole = stack(self._requests, chosen, self._max_length)
        pool = whole.candidates.shape[1]
        if pool > self._size:
            rivals = (
                1 + random.random((len(chosen), pool - 1)).argpartition(self._size - 2)[:, : self._size - 1]
            )
            places = torch.from_numpy(np.concatenate([np.zeros((len(chosen), 1), np.int64), rivals], axis=1))
            each = torch.arange(len(chosen))[:, None]
            parts = (own[each, places] for own in (whole.candidates, whole.dense, whole.targets))
            whole = ListBatch(whole.events, whole.context, *parts)
        hidden = torch.from_numpy(random.random(tuple(whole.context.shape)) < self._forget)
        context = whole.context.masked_fill(hidden, 0)
        return ListBatch(whole.events, context, whole.candidates, whole.dense, whole.targets)


def stack(requests: Requests, chosen: Longs, max_length: int) -> ListBatch:
    """These requests with all their candidates."""
    rows = [requests.histories[place] for place in chosen]
    empty = np.array([len(own) == 0 for own in rows])
    padding = np.zeros(1, np.int64)
    filled = [own if len(own) else padding for own in rows]
    times = [requests.times[place] if len(own) else None for place, own in zip(chosen, rows, strict=True)]
    events = pad(filled, times, max_length, [requests.now[place] for place in chosen])
    lengths = torch.where(torch.from_numpy(empty), 0, events.lengths)
    events = Sequences(events.rows, lengths, events.timestamps, events.next_timestamps)
    candidates = requests.candidates[chosen]
    labels = requests.labels
    unknown = np.full((*candidates.shape, 1), np.nan, np.float32)
    targets = torch.from_numpy(unknown if labels is None else labels[chosen])
    return ListBatch(
        events,
        torch.from_numpy(requests.context[chosen]),
        torch.from_numpy(candidates),
        torch.from_numpy(requests.dense[chosen]),
        targets,
    )
