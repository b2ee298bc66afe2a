"""Who took what, and when: the interaction log in columns, and histories out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

LIKE, NEUTRAL, DISLIKE = 1, 0, -1
"""What an event says of its item; a neutral one only that the person met it."""

BLOCK = 1 << 20
"""Events that are compared at a time."""


@dataclass(frozen=True)
class Interactions:
    """A log of n interactions, sorted by user and, within a user, stably by time.

    Attributes:
        users: user ids, one per distinct user.
        user: int32[n], index into ``users``, ascending.
        item: int32[n], row of the item in the catalogue.
        timestamp: float64[n], seconds since the epoch; the log's order where the file had no time.
        rating: float32[n] in the log's own scale, NaN where missing; None where the log has no ratings.
        feedback: int8[n], :data:`LIKE`, :data:`NEUTRAL` or :data:`DISLIKE`; None where all are likes.
        context: what was known of each moment and person, name -> str[n], "" where unknown; None where nothing was.
    """

    users: tuple[str, ...]
    user: npt.NDArray[np.int32]
    item: npt.NDArray[np.int32]
    timestamp: npt.NDArray[np.float64]
    rating: npt.NDArray[np.float32] | None = None
    feedback: npt.NDArray[np.int8] | None = None
    context: Mapping[str, npt.NDArray[np.str_]] | None = None

    @classmethod
    def from_columns(
        cls,
        user_ids: Sequence[str],
        item_rows: npt.ArrayLike,
        timestamps: npt.ArrayLike | None = None,
        ratings: npt.ArrayLike | None = None,
        feedback: npt.ArrayLike | None = None,
        context: Mapping[str, Sequence[str] | npt.NDArray[np.str_]] | None = None,
    ) -> Interactions:
        """Sort a log in file order into the form above; users keep their order of first appearance."""
        users = tuple(dict.fromkeys(user_ids))
        code_of = {user: code for code, user in enumerate(users)}
        user = np.fromiter((code_of[u] for u in user_ids), dtype=np.int32, count=len(user_ids))
        return cls.from_codes(users, user, item_rows, timestamps, ratings, feedback, context)

    @classmethod
    def from_codes(
        cls,
        users: tuple[str, ...],
        user: npt.NDArray[np.int32],
        item_rows: npt.ArrayLike,
        timestamps: npt.ArrayLike | None = None,
        ratings: npt.ArrayLike | None = None,
        feedback: npt.ArrayLike | None = None,
        context: Mapping[str, Sequence[str] | npt.NDArray[np.str_]] | None = None,
    ) -> Interactions:
        """The same of users by number, int32[n], index into ``users``."""
        item = np.asarray(item_rows, dtype=np.int32)
        if timestamps is None:
            timestamp = np.arange(len(item), dtype=np.float64)
        else:
            timestamp = np.asarray(timestamps, dtype=np.float64)
        order = np.lexsort((timestamp, user))  # lexsort is stable: ties keep the log's order
        rating = None if ratings is None else np.asarray(ratings, dtype=np.float32)[order]
        opinion = None if feedback is None else np.asarray(feedback, dtype=np.int8)[order]
        known = None if context is None else {k: np.asarray(v, np.str_)[order] for k, v in context.items()}
        return cls(users, user[order], item[order], timestamp[order], rating, opinion, known)

    def likes(self) -> Interactions:
        """The events that say that a person likes an item, unless they took it back later; users without one go."""
        return self if self.feedback is None else self._select(self._kept(LIKE))

    def dislikes(self) -> Interactions:
        """The same of dislikes; none where the log has no feedback."""
        return self._select(self._kept(DISLIKE))

    def _kept(self, opinion: int) -> npt.NDArray[np.bool_]:
        """Events of an opinion that is also the person's last one on that item, bool[n]."""
        if self.feedback is None:
            return np.full(len(self), opinion == LIKE)
        kept = np.zeros(len(self), dtype=np.bool_)
        ends = self.offsets[np.searchsorted(self.offsets, np.arange(BLOCK, len(self), BLOCK))]
        bounds = np.unique(np.concatenate([[0], ends, [len(self)]]))
        for start, end in pairwise(bounds.tolist()):  # whole users, so that memory stays small
            part = slice(start, end)
            kept[part] = _last_opinions(self.user[part], self.item[part], self.feedback[part], opinion)
        return kept

    def _select(self, kept: npt.NDArray[np.bool_]) -> Interactions:
        codes, user = np.unique(self.user[kept], return_inverse=True)
        return Interactions(
            tuple(self.users[code] for code in codes),
            user.astype(np.int32),
            self.item[kept],
            self.timestamp[kept],
            None if self.rating is None else self.rating[kept],
            context=self.context_of(kept),
        )

    def context_of(self, kept: npt.NDArray[np.bool_]) -> Mapping[str, npt.NDArray[np.str_]] | None:
        """The context of these events, bool[n]."""
        return None if self.context is None else {name: own[kept] for name, own in self.context.items()}

    def __len__(self) -> int:
        return len(self.item)

    @cached_property
    def offsets(self) -> npt.NDArray[np.int64]:
        """int64[n_users + 1]: user u's interactions are rows ``offsets[u]:offsets[u + 1]``."""
        counts = np.bincount(self.user, minlength=len(self.users))
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    def histories(self) -> Iterator[npt.NDArray[np.int32]]:
        """Each user's item rows in order of time, int32[length], in the order of ``users``."""
        return (self.item[start:end] for start, end in zip(self.offsets[:-1], self.offsets[1:], strict=True))

    def counts(self, n_items: int) -> npt.NDArray[np.int64]:
        """Interactions per item row, int64[n_items]."""
        return np.bincount(self.item, minlength=n_items)


def _last_opinions(
    user: npt.NDArray[np.int32], item: npt.NDArray[np.int32], feedback: npt.NDArray[np.int8], opinion: int
) -> npt.NDArray[np.bool_]:
    pair = user.astype(np.int64) * (int(item.max(initial=0)) + 1) + item
    said = np.flatnonzero(feedback != NEUTRAL)
    _, last = np.unique(pair[said][::-1], return_index=True)
    final = said[len(said) - 1 - last]
    agreed = final[feedback[final] == opinion]
    kept: npt.NDArray[np.bool_] = (feedback == opinion) & np.isin(pair, pair[agreed])
    return kept
