"""So many turns at once, so many more that wait; under load each does less, and at last there is a polite no."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass

from anyio import from_thread

from tastemaker.agent.llm.cpu_cores import usable_cores
from tastemaker.agent.turn.allowance import FULL, Allowance
from tastemaker.agent.turn.state import Effort
from tastemaker.ui.gate.overload import Overloaded

LONGEST_RETRY = 60
"""Seconds; whoever is told to come later than that does not come."""
NEVER = 1.0
RECENT = 0.2
"""Weight of the latest turn in the seconds that a turn takes."""
BY_RULES = Allowance(Effort.FAST, model=False)


@dataclass(frozen=True)
class Load:
    """How many turns are taken, and from when on each does less.

    Attributes:
        at_once: turns that run at the same time with all that the agent allows, at most.
        waiting: turns that may wait; one more is turned away at once.
        wait_seconds: how long one waits at most.
        has_model: whether turns may ask a model; without one there is nothing to spare.
        rules_at_once: turns that run at the same time by rules, beside those with the model.
        fast_at, rules_at: shares of the waiting places; where so many or more are taken, turns go by
            ``fast``, or by rules; from ``rules_at`` 1 on none goes by rules.
        patience: seconds that one waits for a place with the model before rules answer it.
        turn_seconds: from a request to the end of its model calls, waiting included; the agent's limits unless given.
    """

    at_once: int = 8
    waiting: int = 64
    wait_seconds: float = 10.0
    has_model: bool = False
    rules_at_once: int = 2
    fast_at: float = 0.1
    rules_at: float = 0.5
    patience: float = 3.0
    turn_seconds: float | None = None

    @property
    def computing(self) -> int:
        """Turns that run at the same time with all that the agent allows.

        Without a model a turn waits for nobody: more of them than processors only take turns, and all end late.
        """
        return self.at_once if self.has_model else min(self.at_once, max(self.rules_at_once, usable_cores()))

    @property
    def most(self) -> int:
        """Turns that run or wait at the same time."""
        return self.at_once + self.rules_at_once + self.waiting


@dataclass(frozen=True)
class Place:
    """One turn's: where it runs, what it may do, since when, and in whose loop."""

    lane: asyncio.Semaphore
    allowance: Allowance
    began: float
    loop: asyncio.AbstractEventLoop


class TurnSlots:
    """Lets turns in, first come first served.

    Args:
        load: what is taken.
        clock: seconds, for tests.
    """

    def __init__(self, load: Load, clock: Callable[[], float] = time.monotonic) -> None:
        self._load, self._clock = load, clock
        self._full = asyncio.Semaphore(load.computing)
        self._by_rules = asyncio.Semaphore(load.rules_at_once)
        self._took = 0.0
        self.queued = 0
        self.running = 0
        self.shed = 0
        self.fast = 0
        self.rules = 0

    def check(self) -> None:
        """Raises Overloaded where one more could not even wait."""
        if self.queued >= self._load.waiting:
            self._refuse()

    @asynccontextmanager
    async def take(self) -> AsyncIterator[Allowance]:
        """A block in which a turn runs, and what it may do.

        Raises:
            Overloaded: too many wait already, or this one waited too long.
        """
        place = await self._enter()
        try:
            yield place.allowance
        finally:
            self._leave(place)

    @contextmanager
    def hold(self) -> Iterator[Allowance]:
        """:meth:`take` for a turn in one of the event loop's worker threads, which waits; raises likewise."""
        place = from_thread.run(self._enter)
        try:
            yield place.allowance
        finally:
            # Where a turn is left before its end, this runs in the loop itself: it may not wait. A loop that has
            # ended has no turns to let in.
            with suppress(RuntimeError):
                place.loop.call_soon_threadsafe(self._leave, place)

    async def _enter(self) -> Place:
        self.check()
        came = self._clock()
        self.queued += 1
        try:
            lane, allowance = await self._wait(came)
        finally:
            self.queued -= 1
        self.fast += allowance.effort is Effort.FAST and allowance.model
        self.rules += not allowance.model
        self.running += 1
        return Place(lane, allowance, self._clock(), asyncio.get_running_loop())

    def _leave(self, place: Place) -> None:
        self._took += RECENT * (self._clock() - place.began - self._took)
        self.running -= 1
        place.lane.release()

    async def _wait(self, came: float) -> tuple[asyncio.Semaphore, Allowance]:
        """The lane that a turn got a place in, and what it may do there."""
        load = self._load
        if not load.has_model:
            await self._acquire(self._full, load.wait_seconds)
            return self._full, FULL
        if load.rules_at >= NEVER:
            await self._acquire(self._full, load.wait_seconds)
            return self._full, self._with_model(came)
        if self._crowd < load.rules_at:
            try:
                await asyncio.wait_for(self._full.acquire(), min(load.patience, load.wait_seconds))
                return self._full, self._with_model(came)
            except TimeoutError:
                pass
        await self._acquire(self._by_rules, load.wait_seconds - (self._clock() - came))
        return self._by_rules, BY_RULES

    def _with_model(self, came: float) -> Allowance:
        load = self._load
        left = None if load.turn_seconds is None else load.turn_seconds - (self._clock() - came)
        if left is not None and left <= 0:
            return BY_RULES  # its budget went by while it waited
        return Allowance(Effort.FAST if self._crowd >= load.fast_at else None, seconds=left)

    @property
    def _crowd(self) -> float:
        """The share of the waiting places that others have taken."""
        return (self.queued - 1) / self._load.waiting

    async def _acquire(self, lane: asyncio.Semaphore, seconds: float) -> None:
        try:
            await asyncio.wait_for(lane.acquire(), max(0.0, seconds))
        except TimeoutError:
            self._refuse()

    def _refuse(self) -> None:
        self.shed += 1
        load = self._load
        lanes = load.rules_at_once if load.has_model and load.rules_at < NEVER else load.computing
        seconds = math.ceil(self.queued * self._took / lanes)
        raise Overloaded(max(1, min(LONGEST_RETRY, seconds)))
