"""What a recommender is asked (a query) and one line of what it answers (a scored item)."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tastemaker.retrieval.errors import QueryError


class Scored(NamedTuple):
    """An item id and its score; higher is better, and scores of two models don't compare."""

    id: str
    score: float


@dataclass(frozen=True)
class Query:
    """One person's request; no user id, so that a stranger is served like anyone else.

    Attributes:
        history: item ids in order of time, the oldest first; may be empty.
        timestamps: seconds since the epoch, one per history item, ascending (ties allowed).
        now: time of the request in the same unit; what lies after it in the history is not looked at.
        text: a wish in words.
        include: rank only these ids; None means the whole vocabulary.
        exclude: never return these ids.
        weights: attribute name -> how much it should count.
        shown: ids that this person was shown and did not take, the earliest first; some models learn
            from it. They may come again unless excluded as well.
        aim: how much return is wished, 0 to 1, as a share of what people got after such a step; some
            models turn from what pleases at once to what is worth it in the long run.
        context: what is known of the moment and of the person, name -> value, such as daytime, day, device,
            companion, place; the names are those of the log that a model was trained on.

    Raises:
        QueryError: a value of the wrong type, NaN or infinity, timestamps that don't
            fit the history or run backwards.

    >>> Query(history=("1", "2"), timestamps=(20.0, 10.0))
    Traceback (most recent call last):
    tastemaker.retrieval.errors.QueryError: timestamps[1] is 10.0 after 20.0; sort the history by time
    """

    history: tuple[str, ...] = ()
    timestamps: tuple[float, ...] | None = None
    now: float | None = None
    text: str | None = None
    include: Collection[str] | None = None
    exclude: Collection[str] = ()
    weights: Mapping[str, float] | None = field(default=None, hash=False)
    shown: tuple[str, ...] = ()
    aim: float | None = None
    context: Mapping[str, str] | None = field(default=None, hash=False)

    def __post_init__(self) -> None:
        self._freeze("history", tuple(_ids("history", self.history)))
        self._freeze("shown", tuple(_ids("shown", self.shown)))
        self._freeze("exclude", frozenset(_ids("exclude", self.exclude)))
        if self.include is not None:
            self._freeze("include", frozenset(_ids("include", self.include)))
        if self.timestamps is not None:
            self._freeze("timestamps", _times(self.timestamps, len(self.history)))
        if self.now is not None:
            self._freeze("now", _number("now", self.now))
        if self.aim is not None:
            self._freeze("aim", _number("aim", self.aim))
            if not 0 <= self.aim <= 1:
                raise QueryError(f"aim must be between 0 and 1, got {self.aim}")
        if self.text is not None and not isinstance(self.text, str):
            raise QueryError(f"text must be a string, got {_show(self.text)}")
        if self.weights is not None:
            self._freeze("weights", _weights(self.weights))
        if self.context is not None:
            self._freeze("context", _context(self.context))

    def _freeze(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)


def _ids(name: str, values: object) -> Iterable[str]:
    if isinstance(values, str) or not isinstance(values, Collection):
        raise QueryError(f"{name} must be a collection of item ids (strings), got {_show(values)}")
    for place, value in enumerate(values):
        if not isinstance(value, str):
            raise QueryError(f"{name}[{place}] must be an item id (a string), got {_show(value)}")
    return values


def _times(values: object, length: int) -> tuple[float, ...]:
    if isinstance(values, str) or not isinstance(values, Sequence):
        raise QueryError(f"timestamps must be a sequence of seconds, got {_show(values)}")
    times = tuple(_number(f"timestamps[{place}]", value) for place, value in enumerate(values))
    if len(times) != length:
        raise QueryError(f"{len(times)} timestamps for a history of {length}; give one per item, or none")
    for place, (earlier, later) in enumerate(pairwise(times), start=1):
        if later < earlier:
            raise QueryError(f"timestamps[{place}] is {later} after {earlier}; sort the history by time")
    return times


def _weights(values: object) -> dict[str, float]:
    if not isinstance(values, Mapping):
        raise QueryError(f"weights must map attribute names to numbers, got {_show(values)}")
    if wrong := [name for name in values if not isinstance(name, str)]:
        raise QueryError(f"weights must be keyed by attribute names (strings), got {_show(wrong[0])}")
    return {name: _number(f"weights[{name!r}]", value) for name, value in values.items()}


def _context(values: object) -> dict[str, str]:
    if not isinstance(values, Mapping):
        raise QueryError(f"context must map names to values, got {_show(values)}")
    for pair in values.items():
        if not all(isinstance(part, str) for part in pair):
            raise QueryError(f"context must map strings to strings, got {_show(pair)}")
    return dict(values)


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise QueryError(f"{name} must be a number, got {_show(value)}")
    number = float(value)
    if not math.isfinite(number):
        raise QueryError(f"{name} must be a finite number, got {number}")
    return number


def _show(value: object, most: int = 60) -> str:
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= most else text[:most] + '...'}"
