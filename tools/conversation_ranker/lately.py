"""What logged conversations name lately, as evidence on every item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tastemaker.recommenders.conversation.co_mention import CoMentions
from tastemaker.recommenders.conversation.recent_mentions import RecentMentions
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.tools.conversation_ranker.context_knn import LoggedContext, group_mentions
from tastemaker.tools.conversation_ranker.conversation_times import Times, times_of

Column = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
PREFIX = "lately/"


class Lately:
    """Mentions that fade with time.

    Attributes:
        now: faded counts as of the latest conversation.
        half_life: in the unit of the conversations' times; infinite where nothing is gained by forgetting.
    """

    def __init__(self, now: CoMentions, half_life: float, past: RecentMentions | None, times: Times) -> None:
        self.now, self.half_life = now, half_life
        self._past, self._times = past, times

    @classmethod
    def fit(cls, catalog: Catalog, logged: Sequence[LoggedContext]) -> Lately | None:
        """From logged moments; None where nothing is known of when they were held."""
        times = times_of(logged)
        if not times:
            return None
        named = group_mentions(logged)
        rows = [catalog.rows(ids).tolist() for ids in named.values()]
        past = RecentMentions.fit(rows, [times[name] for name in named], len(catalog))
        return cls(past.now(), past.half_life, past, times)

    def columns(self, mentioned: Rows, conversation: str | None = None) -> tuple[Column, Column]:
        """Log of the faded count of each item, and log chance to be named beside what was mentioned.

        Args:
            mentioned: rows of the items named so far.
            conversation: one that was learned from: only what came before it then counts.
        """
        if conversation is None or self._past is None:
            return np.log1p(self.now.counts), self.now.log_probability(mentioned)
        weights = self._past.weights(self._times[conversation])
        return np.log1p(self._past.counts(weights)), self._past.log_probability(mentioned, weights)

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What :meth:`from_arrays` needs; who named what when is only for learning."""
        told = {PREFIX + name: array for name, array in self.now.arrays().items()}
        return told | {PREFIX + "half_life": np.array([self.half_life], np.float64)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Lately | None:
        """What :meth:`arrays` gave; None where there was nothing."""
        own = {name.removeprefix(PREFIX): array for name, array in arrays.items() if name.startswith(PREFIX)}
        if not own:
            return None
        return cls(CoMentions.from_arrays(own), float(own["half_life"][0]), None, {})
