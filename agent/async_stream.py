"""An iterator that blocks, as one that an event loop can wait for."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TypeVar

T = TypeVar("T")


async def iterate_in_thread(iterate: Callable[[], Iterator[T]]) -> AsyncIterator[T]:
    """What ``iterate()`` yields, taken from it in a thread of its own.

    The thread goes on to the iterator's end even if the caller stops listening. What
    the iterator raises is raised here.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[tuple[T] | None] = asyncio.Queue()
    listening = threading.Event()
    listening.set()
    outcome: list[BaseException] = []

    def tell(value: tuple[T] | None) -> None:
        if listening.is_set():
            loop.call_soon_threadsafe(queue.put_nowait, value)

    def work() -> None:
        try:
            for value in iterate():
                tell((value,))
        except BaseException as error:  # noqa: BLE001 - it is raised where the caller waits
            outcome.append(error)
        finally:
            tell(None)

    context = contextvars.copy_context()  # the request's id, and whose span this is part of
    threading.Thread(target=lambda: context.run(work), daemon=True).start()
    try:
        while (value := await queue.get()) is not None:
            yield value[0]
    finally:
        listening.clear()
    if outcome:
        raise outcome[0]
