"""What a log says of each moment beside who and what: with whom, on which device, where.

Which columns hold it is said in the overrides; guessing would give a model every column that happens to be there.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.ingest.cells import clean, is_missing, plain_text, stands_for_nothing
from tastemaker.retrieval.ingest.tables import Table

MANY = 1000
"""Above so many different values most are met too rarely to tell a model anything."""
UNKNOWN = ""
SHOWN = 3


class LogContext:
    """Context columns, collected chunk by chunk: each different value once, and a number for every event.

    Args:
        columns: name of what is known -> column of the file.
    """

    def __init__(self, columns: Mapping[str, str]) -> None:
        self.columns = dict(columns)
        self._codes = [array("i") for _ in self.columns]
        self._numbers: list[dict[str, int]] = [{UNKNOWN: 0} for _ in self.columns]

    def cells(self, chunk: Table) -> list[tuple[str, list[Any]]]:
        """The columns of a chunk, by their names in the file."""
        return [(column, chunk.column(column)) for column in self.columns.values()]

    def add(self, texts: Sequence[str]) -> None:
        """One event: what its columns say, in the order of ``columns``."""
        for codes, numbers, text in zip(self._codes, self._numbers, texts, strict=True):
            codes.append(numbers.setdefault(text, len(numbers)))

    def values(self) -> dict[str, npt.NDArray[np.str_]] | None:
        """Name -> str[n], "" where nothing is known; None where no column was named."""
        return {
            name: np.array([*numbers])[np.frombuffer(codes, np.int32)]
            for name, numbers, codes in zip(self.columns, self._numbers, self._codes, strict=True)
        } or None

    def rules(self) -> list[str]:
        """A line per name: what it says and how often, and a doubt where its values hardly repeat."""
        lines = []
        for name, codes, numbers in zip(self.columns, self._codes, self._numbers, strict=True):
            known = np.count_nonzero(np.frombuffer(codes, np.int32)) / max(1, len(codes))
            shown = ", ".join(repr(value) for value in [*numbers][1 : 1 + SHOWN])
            said = f"{len(numbers) - 1:,} values such as {shown}" if shown else "empty"
            lines.append(f"context {name}: {said}, known of {known:.0%} of the events")
            if len(numbers) > MANY:
                lines.append(
                    f"  uncertain: so many values hardly repeat; write fewer, coarser ones, or take {name} out "
                    "of [interactions.context]"
                )
        return lines


def context_text(value: Any) -> str:
    """A cell as a value of the context: 1.0 and True as "1" and "true", nothing and "unknown" as "".

    Raises:
        ValueError: a list or the like.
    """
    if is_missing(value) or stands_for_nothing(value):
        return UNKNOWN
    return clean(str(value).lower() if isinstance(value, bool) else plain_text(value))
