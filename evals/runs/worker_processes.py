"""Processes of this machine, each of which opens what a recipe names once and then does what it is handed.

Turns by rules are Python from end to end, so threads share one core; processes don't. A
process starts afresh (it is not forked), so that neither the vector store's threads nor PyTorch's
are cut off in the middle.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from multiprocessing import get_context, parent_process
from multiprocessing.util import Finalize
from threading import Thread
from typing import Any, Generic, Protocol, TypeVar

from tastemaker.retrieval.errors import SourceError

Held = TypeVar("Held", covariant=True)
Task = TypeVar("Task")
Done = TypeVar("Done")


class Recipe(Protocol[Held]):
    """Paths and options from which a process makes what it holds; it is pickled."""

    def open(self) -> AbstractContextManager[Held]:
        """What the process holds until it ends."""


class Processes(Generic[Held]):
    """So many processes; they start with the first task and end with :func:`processes`."""

    def __init__(self, pool: ProcessPoolExecutor, n: int) -> None:
        self._pool = pool
        self.n = n

    def hand(self, do: Callable[[Held, Task], Done], task: Task) -> Future[Done]:
        """Let one of the processes do a task.

        Args:
            do: a function that can be imported, given what the process holds and the task.
            task: is pickled, as is what comes back.
        """
        return self._pool.submit(_do, do, task)


@contextmanager
def processes(recipe: Recipe[Held], n: int) -> Iterator[Processes[Held]]:
    """``n`` processes that hold what the recipe opens, until the block ends.

    Raises:
        SourceError: one of them died while the block waited for it.
    """
    pool = ProcessPoolExecutor(n, mp_context=get_context("spawn"), initializer=_begin, initargs=(recipe,))
    try:
        yield Processes(pool, n)
    except BrokenProcessPool as error:
        raise SourceError(
            "a worker process died, as it does when memory runs out; rows that were written are kept: run the "
            "same command again to go on, with --workers 1 to need less memory"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


_recipe: Any = None
_held = ExitStack()


def _begin(recipe: Recipe[Any]) -> None:
    """In a new process, before the first task."""
    global _recipe  # noqa: PLW0603  a pool's initializer has no other place
    _recipe = recipe
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the work, and says so once
    Thread(target=_end_with_parent, daemon=True).start()
    Finalize(None, _held.close, exitpriority=0)


def _end_with_parent() -> None:
    """A parent that is killed cannot end its processes, and they would wait for tasks for good."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@cache
def _open() -> Any:
    """What the process holds, opened with the first task."""
    # As many processes as cores leave nothing for threads within one.
    import torch
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)
    torch.set_num_threads(1)
    return _held.enter_context(_recipe.open())


def _do(do: Callable[[Any, Any], Any], task: Any) -> Any:
    return do(_open(), task)
