"""What was known of a moment and a person as codes: named values, and what a clock tells.

Times are read in UTC, the only zone that a log has; a query that says ``daytime`` or ``day`` itself is believed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.retrieval.catalog.interactions import Interactions

DAYTIME, DAY = "daytime", "day"
DAYTIMES = ("night", "morning", "afternoon", "evening")
"""Six hours each, from midnight on."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST_TIME = 1e8
"""Seconds; smaller numbers are places in a log without times."""
FIRST_DAY = 3
"""The epoch began on a Thursday."""

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ContextValues:
    """The values that a log knows of each name; code 0 is for what is unknown.

    Attributes:
        names: in the order of the codes' columns; the last two are the clock's.
        values: of each name, sorted.
    """

    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, log: Interactions) -> ContextValues:
        """Those of a log; the clock's are always among them."""
        told = {} if log.context is None else dict(log.context)
        clock = {DAYTIME: DAYTIMES, DAY: DAYS}
        known = {
            name: tuple(value for value in np.unique(own).tolist() if value) for name, own in told.items()
        }
        for name, values in clock.items():
            known[name] = tuple(sorted({*known.get(name, ()), *values}))
        names = (*(name for name in known if name not in clock), *clock)
        return cls(names, tuple(known[name] for name in names))

    @property
    def sizes(self) -> tuple[int, ...]:
        """Codes of each name, the unknown one included."""
        return tuple(len(own) + 1 for own in self.values)

    def of_log(self, log: Interactions) -> Codes:
        """int64[n, names]: of every event."""
        clock = _clock(log.timestamp)
        columns = []
        for name, values in zip(self.names, self.values, strict=True):
            own = _codes(np.asarray(clock.get(name, np.full(len(log), "")), np.str_), values)
            if log.context is not None and name in log.context:
                told = _codes(log.context[name], values)
                own = np.where(told > 0, told, own)
            columns.append(own)
        return np.stack(columns, axis=1)

    def of_queries(self, resolved: Sequence[ResolvedQuery]) -> Codes:
        """int64[len(resolved), names]: what each query says, and what the clock tells at its ``now``."""
        now = np.array([np.nan if own.query.now is None else own.query.now for own in resolved])
        clock = _clock(now)
        told = [own.query.context or {} for own in resolved]
        columns = []
        for name, values in zip(self.names, self.values, strict=True):
            default = clock.get(name, np.full(len(resolved), ""))
            said = np.array(
                [own.get(name, str(tick)) for own, tick in zip(told, default, strict=True)], np.str_
            )
            columns.append(_codes(said, values))
        return np.stack(columns, axis=1)

    def unknown(self, context: Mapping[str, str]) -> tuple[str, ...]:
        """What of a query's context the log never held, as ``context name=value``."""
        known = dict(zip(self.names, self.values, strict=True))
        return tuple(f"context {k}={v}" for k, v in context.items() if v not in known.get(k, ()))

    def dump(self) -> npt.NDArray[np.uint8]:
        """As the bytes of a JSON object."""
        told = json.dumps({"names": self.names, "values": self.values}).encode()
        return np.frombuffer(told, np.uint8).copy()

    @classmethod
    def read(cls, dumped: npt.NDArray[np.uint8]) -> ContextValues:
        """What :meth:`dump` gave."""
        told = json.loads(bytes(dumped))
        return cls(tuple(told["names"]), tuple(map(tuple, told["values"])))


def _codes(said: npt.NDArray[np.str_], values: Sequence[str]) -> Codes:
    """Place of each among the sorted values, from 1 on; 0 where it is none of them."""
    if not values:
        return np.zeros(len(said), np.int64)
    known = np.array(values, np.str_)
    place = np.minimum(np.searchsorted(known, said), len(known) - 1)
    return np.where(known[place] == said, place + 1, 0)


def _clock(times: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[np.str_]]:
    """Part of the day and day of the week, "" where the time is unknown: str[n] each."""
    known = times >= FIRST_TIME  # NaN is not
    seconds = np.where(known, times, 0.0)
    part, day = seconds // 21_600 % 4, (seconds // 86_400 + FIRST_DAY) % 7
    return {
        DAYTIME: np.where(known, np.array(DAYTIMES)[part.astype(int)], ""),
        DAY: np.where(known, np.array(DAYS)[day.astype(int)], ""),
    }
