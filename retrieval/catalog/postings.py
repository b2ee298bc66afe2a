"""Which rows hold which value of an attribute, kept flat so that a million values cost no million arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int32]
Chosen = npt.NDArray[np.bool_]


class Postings(Mapping[str, Rows]):
    """Value (casefolded) -> rows that hold it, ascending int32; values in order of first appearance."""

    def __init__(self, rows_of_values: Iterable[Sequence[str]]) -> None:
        """``rows_of_values`` holds the values of each row in turn."""
        self._numbers: dict[str, int] = {}
        number_of = self._numbers.setdefault
        numbers: list[int] = []
        lengths: list[int] = []
        for values in rows_of_values:
            held = {number_of(value.casefold(), len(self._numbers)) for value in values}
            numbers += held
            lengths.append(len(held))
        flat = np.array(numbers, dtype=np.int32)
        rows = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        self._rows: Rows = rows[np.argsort(flat, kind="stable")]
        counts = np.bincount(flat, minlength=len(self._numbers))
        self._starts = np.concatenate([[0], np.cumsum(counts)])

    def __getitem__(self, value: str) -> Rows:
        number = self._numbers[value]
        return self._rows[self._starts[number] : self._starts[number + 1]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def containing(self, part: str) -> Chosen:
        """Which values have ``part`` (casefolded) in them, bool[n_values]."""
        return np.fromiter((part in value for value in self._numbers), np.bool_, len(self))

    def holding(self, values: Chosen, n_rows: int) -> Chosen:
        """Which rows hold at least one of the chosen values, bool[n_rows]."""
        rows: Chosen = np.zeros(n_rows, dtype=np.bool_)
        rows[self._rows[np.repeat(values, np.diff(self._starts))]] = True
        return rows

    def counts(self, rows: Chosen) -> npt.NDArray[np.int64]:
        """How many of the chosen rows, bool[n_items], hold each value, int64[n_values] in order."""
        before: npt.NDArray[np.int64] = np.zeros(len(self._rows) + 1, dtype=np.int64)
        np.cumsum(rows[self._rows], out=before[1:])
        counts: npt.NDArray[np.int64] = before[self._starts[1:]] - before[self._starts[:-1]]
        return counts
