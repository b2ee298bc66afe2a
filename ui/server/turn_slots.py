"""So many turns at once, so many more that wait, and a polite no for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Overloaded(Exception):
    """No turn can be taken now; ``seconds`` is when to come again."""

    def __init__(self, seconds: int = 1) -> None:
        super().__init__(f"too many turns at the moment; come again in {seconds} s")
        self.seconds = seconds


class TurnSlots:
    """Lets turns in, first come first served.

    Args:
        at_once: turns that run at the same time.
        waiting: turns that may wait; one more is turned away at once.
        wait_seconds: how long one waits.
    """

    def __init__(self, at_once: int, waiting: int, wait_seconds: float) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._waiting, self._wait_seconds = waiting, wait_seconds
        self.queued = 0
        self.running = 0
        self.shed = 0

    def check(self) -> None:
        """Raises Overloaded where one more could not even wait."""
        if self.queued >= self._waiting:
            self.shed += 1
            raise Overloaded

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """A block in which a turn runs.

        Raises:
            Overloaded: too many wait already, or this one waited too long.
        """
        self.check()
        self.queued += 1
        try:
            await asyncio.wait_for(self._free.acquire(), self._wait_seconds)
        except TimeoutError:
            self.shed += 1
            raise Overloaded from None
        finally:
            self.queued -= 1
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self._free.release()
