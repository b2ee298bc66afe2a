"""Padded sequences of item rows, as the encoders take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


@dataclass(frozen=True)
class Sequences:
    """b sequences of up to l items, the oldest first, padded on the right.

    Right padding keeps a causal encoder from ever seeing it, so it needs no mask.

    Attributes:
        rows: int64[b, l], item rows; the padding is row 0.
        lengths: int64[b], how many of the l are real, at least 1.
        timestamps: float64[b, l], seconds; 0 where unknown or padding.
        next_timestamps: float64[b, l], when the item after each position was taken or, after the
            last, is asked for; 0 where unknown or padding.
        aims: float32[b, l, kinds], the return wished after each position as a share of all that went
            worse, NaN where unknown; None where a model knows of no returns.
    """

    rows: Tensor
    lengths: Tensor
    timestamps: Tensor
    next_timestamps: Tensor
    aims: Tensor | None = None

    @property
    def real(self) -> Tensor:
        """bool[b, l], False on the padding."""
        return torch.arange(self.rows.shape[1]) < self.lengths[:, None]


def pad(
    rows: Sequence[npt.NDArray[np.int64]],
    timestamps: Sequence[npt.NDArray[np.float64] | None],
    max_length: int,
    now: Sequence[float | None] | None = None,
) -> Sequences:
    """The last ``max_length`` items of each history, padded to the longest of them.

    Args:
        rows: the histories.
        timestamps: of their items, None where unknown.
        max_length: how many to keep.
        now: time of each request; where unknown, that of the history's last item.
    """
    lengths = np.array([min(len(r), max_length) for r in rows], np.int64)
    padded = np.zeros((len(rows), int(lengths.max())), np.int64)
    times, after = np.zeros(padded.shape, np.float64), np.zeros(padded.shape, np.float64)
    for place, length in enumerate(lengths):
        padded[place, :length] = rows[place][-length:]
        if (own := timestamps[place]) is not None:
            times[place, :length] = own[-length:]
            after[place, : length - 1] = times[place, 1:length]
            asked = None if now is None else now[place]
            after[place, length - 1] = own[-1] if asked is None else asked
    return Sequences(*map(torch.from_numpy, (padded, lengths, times, after)))
