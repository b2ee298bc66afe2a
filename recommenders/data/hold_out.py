"""Setting aside each user's last interaction, for validation or test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.interactions import Interactions


@dataclass(frozen=True)
class HeldOut:
    """A log without some users' last interaction, and these interactions.

    Attributes:
        rest: the log that remains, over the same users.
        user: int64[n], index into ``rest.users``, ascending.
        item: int64[n], row of the item held out.
        timestamp: float64[n], when it was taken.
    """

    rest: Interactions
    user: npt.NDArray[np.int64]
    item: npt.NDArray[np.int64]
    timestamp: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.user)

    def only(self, places: npt.NDArray[np.int64]) -> HeldOut:
        """Only these of the n held-out interactions; the log stays whole."""
        return HeldOut(self.rest, self.user[places], self.item[places], self.timestamp[places])


def hold_out_last(
    interactions: Interactions, keep: int, users: npt.NDArray[np.int64] | None = None
) -> HeldOut:
    """Take away the last interaction of every user, or of these, who keeps at least ``keep``."""
    lengths = np.diff(interactions.offsets)
    user = np.flatnonzero(lengths > keep)
    if users is not None:
        user = np.intersect1d(user, users)
    last = interactions.offsets[1:][user] - 1
    remains = np.ones(len(interactions), bool)
    remains[last] = False
    rest = Interactions(
        interactions.users,
        interactions.user[remains],
        interactions.item[remains],
        interactions.timestamp[remains],
        None if interactions.rating is None else interactions.rating[remains],
        context=interactions.context_of(remains),
    )
    return HeldOut(rest, user, interactions.item[last].astype(np.int64), interactions.timestamp[last])
