"""How a model understood a query: what it used, skipped, and fell back to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.recommenders.data.query import Query
from tastemaker.recommenders.data.vocabulary import Vocabulary


@dataclass(frozen=True)
class ResolvedQuery:
    """A query in a model's own terms; also the report on what was not used.

    Attributes:
        query: the query as asked.
        rows: int64[length], vocabulary rows of the known history up to ``now``, the oldest first.
        timestamps: float64[length], seconds; None where the query had none.
        unknown: history ids outside the vocabulary, skipped.
        unknown_include: ids of the include list outside the vocabulary, which can't be ranked.
        later: how many history items were skipped for lying after ``now``.
        fallback: name of the method that answers instead of the model, None where the model does.
        ignored: names of the query's fields that this model has no use for.
    """

    query: Query
    rows: npt.NDArray[np.int64]
    timestamps: npt.NDArray[np.float64] | None
    unknown: tuple[str, ...] = ()
    unknown_include: tuple[str, ...] = ()
    later: int = 0
    fallback: str | None = None
    ignored: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """One sentence for each thing a person would want to know; empty when all was used."""
        said = (
            _list_ids("history item(s) unknown to this model were skipped", self.unknown),
            _list_ids("id(s) to rank are unknown to this model", self.unknown_include),
            f"{self.later} history item(s) after now were skipped" if self.later else "",
            f"no usable history: ranked by {self.fallback}" if self.fallback else "",
            f"this model doesn't use: {', '.join(self.ignored)}" if self.ignored else "",
        )
        return tuple(note for note in said if note)


def read(query: Query, vocabulary: Vocabulary) -> ResolvedQuery:
    """Turn ids into rows and cut the history off at ``now``."""
    until = _length_until_now(query)
    history = query.history[:until]
    rows = vocabulary.rows(history)
    known = rows >= 0
    times = None if query.timestamps is None else np.array(query.timestamps[:until], np.float64)[known]
    unknown = tuple(history[place] for place in np.flatnonzero(~known))
    missing = tuple(sorted(vocabulary.known_rows(query.include or ())[1]))
    return ResolvedQuery(query, rows[known], times, unknown, missing, len(query.history) - until)


def _length_until_now(query: Query) -> int:
    if query.timestamps is None or query.now is None:
        return len(query.history)
    return int(np.searchsorted(query.timestamps, query.now, side="right"))


def _list_ids(what: str, ids: tuple[str, ...], most: int = 3) -> str:
    if not ids:
        return ""
    shown = ", ".join(repr(item_id) for item_id in ids[:most]) + (", ..." if len(ids) > most else "")
    return f"{len(ids)} {what}: {shown}"
