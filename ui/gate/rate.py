"""How many requests one caller may make: so many at once, and so many a second in the long run."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MAX_CALLERS = 10_000
"""Callers remembered, those heard last before others: memory stays bounded whoever calls."""


class RateLimit:
    """A bucket of ``burst`` requests for each caller that fills by ``per_second``.

    >>> now = [0.0]
    >>> limit = RateLimit(per_second=1, burst=2, clock=lambda: now[0])
    >>> [limit.wait("a"), limit.wait("a"), limit.wait("a"), limit.wait("b")]
    [0, 0, 1, 0]
    >>> now[0] = 1.0
    >>> limit.wait("a")
    0
    """

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second, self._burst, self._clock = per_second, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, caller: str) -> int:
        """Whole seconds until the caller may come again; 0 where it may now, which is then counted."""
        now = self._clock()
        with self._lock:
            left, at = self._left.pop(caller, (float(self._burst), now))
            left = min(float(self._burst), left + (now - at) * self._per_second)
            allowed = left >= 1
            self._left[caller] = (left - 1 if allowed else left, now)
            if len(self._left) > MAX_CALLERS:
                self._left.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) / self._per_second))
