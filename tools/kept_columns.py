"""Columns of scores that are kept, since a conversation asks for the same texts turn after turn."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.float32]

MAX_BYTES = 32_000_000
"""Of all columns together, the one asked for last excepted."""


class KeptColumns:
    """The columns asked for last, by their texts. Safe to share between threads."""

    def __init__(self, most: int = MAX_BYTES) -> None:
        self._most = most
        self._columns: OrderedDict[str, Column] = OrderedDict()
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._columns.clear()

    def __contains__(self, text: str) -> bool:
        with self._lock:
            return text in self._columns

    def of(self, text: str, compute: Callable[[], Column]) -> Column:
        """The column for a text, computed unless it is kept; not to be written to."""
        with self._lock:
            if text in self._columns:
                self._columns.move_to_end(text)
                return self._columns[text]
        column = compute()
        column.flags.writeable = False
        with self._lock:
            self._columns[text] = column
            while len(self._columns) > 1 and len(self._columns) * column.nbytes > self._most:
                self._columns.popitem(last=False)
        return column
