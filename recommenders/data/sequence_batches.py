"""Training batches out of an interaction log: windows of histories with the next item as target."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from tastemaker.recommenders.data.sequences import Sequences
from tastemaker.retrieval.catalog.interactions import Interactions

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TrainingBatch:
    """Sequences and what follows each of their real positions.

    Attributes:
        sequences: the inputs, b by l.
        targets: int64[p], the next item of every real position, packed row by row.
    """

    sequences: Sequences
    targets: Tensor

    def __len__(self) -> int:
        """Sequences."""
        return len(self.sequences.lengths)

    def only(self, own: Tensor) -> TrainingBatch:
        """Some of the sequences, bool[b], and what follows them."""
        whole = self.sequences
        tensors = (whole.rows, whole.lengths, whole.timestamps, whole.next_timestamps)
        part = Sequences(*(tensor[own] for tensor in tensors))
        if whole.aims is not None:
            part = replace(part, aims=whole.aims[own])
        return replace(self, sequences=part, targets=self.targets[own.repeat_interleave(whole.lengths)])


class SequenceBatches:
    """A log cut into windows of at most ``max_length`` targets, dealt out in random batches.

    Every interaction but a user's first is the target of one window. Windows of like
    length share a batch, so that little is spent on padding. Items that a user took at
    the same second have no order, so each epoch draws one for them.

    Args:
        interactions: the log.
        max_length: targets of a window.
        batch_size: windows of a batch.
        aims: float32[n, kinds], for each interaction how good what it began was, for models that are told.
    """

    def __init__(
        self,
        interactions: Interactions,
        max_length: int,
        batch_size: int,
        aims: npt.NDArray[np.float32] | None = None,
    ) -> None:
        self._log, self._aims = interactions, aims
        self._batch_size = batch_size
        self._max_length = max_length
        lengths = np.diff(interactions.offsets)
        windows = -(-np.maximum(lengths - 1, 0) // max_length)  # per user, rounded up
        user = np.repeat(np.arange(len(lengths)), windows)
        place = np.arange(len(user)) - np.repeat(np.cumsum(windows) - windows, windows)
        self._first = interactions.offsets[:-1][user]  # [n_windows]
        self._end = interactions.offsets[1:][user] - place * max_length  # counted from the latest back
        self._tied = bool(np.any((np.diff(interactions.timestamp) == 0) & (np.diff(interactions.user) == 0)))

    def __len__(self) -> int:
        """Batches in an epoch."""
        return math.ceil(len(self._first) / self._batch_size)

    def epoch(self, random: np.random.Generator) -> Iterator[TrainingBatch]:
        """One pass over all windows; equal generators give equal batches."""
        order = self._order(random)
        item = self._log.item[order]
        aims = None if self._aims is None else self._aims[order]
        start = np.maximum(self._end - self._max_length - 1, self._first)
        shuffled = random.permutation(len(start))
        by_length = shuffled[np.argsort((self._end - start)[shuffled], kind="stable")]
        for number in random.permutation(len(self)):
            chosen = by_length[number * self._batch_size : (number + 1) * self._batch_size]
            yield self._batch(item, aims, start[chosen], self._end[chosen])

    def _order(self, random: np.random.Generator) -> Longs | slice:
        if not self._tied:
            return slice(None)
        log = self._log
        return np.lexsort((random.random(len(log)), log.timestamp, log.user))

    def _batch(
        self,
        item: npt.NDArray[np.int32],
        aims: npt.NDArray[np.float32] | None,
        start: Longs,
        end: Longs,
    ) -> TrainingBatch:
        lengths = end - start - 1
        steps = np.arange(lengths.max())
        real = steps < lengths[:, None]  # [b, l]
        at = np.where(real, start[:, None] + steps, 0)
        rows = np.where(real, item[at], 0).astype(np.int64)
        times, after = (np.where(real, self._log.timestamp[a], 0.0) for a in (at, at + 1))
        wished = None
        if aims is not None:
            wished = torch.from_numpy(np.where(real[..., None], aims[at + 1], np.float32(np.nan)))
        sequences = Sequences(*map(torch.from_numpy, (rows, lengths, times, after)))
        sequences = sequences if wished is None else replace(sequences, aims=wished)
        return TrainingBatch(sequences, torch.from_numpy(item[at + 1][real].astype(np.int64)))
