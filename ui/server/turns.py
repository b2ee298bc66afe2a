"""One turn for a caller: takes a slot, counts its time, streams its events or gives the reply."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from fastapi.sse import EventSourceResponse

from tastemaker.agent import Done, Event, Reply, Session
from tastemaker.retrieval.errors import QueryError, TastemakerError
from tastemaker.ui.server.errors import status_of
from tastemaker.ui.server.replies import encode_data, encode_event
from tastemaker.ui.server.state import ServerState


async def turn(server: ServerState, session: Session, message: str, k: int) -> Reply:
    """A whole turn. Raises Overloaded, and as :meth:`tastemaker.agent.Session.send`."""
    async for event in events(server, session, message, k):
        if isinstance(event, Done):
            return event.reply
    raise RuntimeError("a turn ended without a reply")


async def events(server: ServerState, session: Session, message: str, k: int) -> AsyncIterator[Event]:
    """A turn's events as they happen, in a slot of its own; raises likewise."""
    started, first = time.perf_counter(), True
    async with server.slots.take() as allowance:
        async for event in session.astream(message, k, allowance):
            if first:
                server.metrics.first.observe(time.perf_counter() - started)
                first = False
            yield event
    server.metrics.seconds.observe(time.perf_counter() - started)


async def event_stream(
    server: ServerState, session: Session, public: str, message: str, k: int
) -> EventSourceResponse:
    """A turn as server-sent events, the first of them at once. A server that takes no more turns says so by its
    status; what goes wrong later is the last event."""
    if not message.strip():
        raise QueryError("the message is empty; say what you would like")
    server.slots.check()
    queued = encode_data("queued", {"waiting": server.slots.queued})
    running = events(server, session, message, k)

    async def encode() -> AsyncIterator[bytes]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(running.aclose)  # type: ignore[attr-defined]
            yield queued
            try:
                async for event in running:
                    yield encode_event(event, public, server.media)
            except TastemakerError as error:
                yield _encode_error(str(error), type(error).__name__, status_of(error))

    return EventSourceResponse(encode(), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def _encode_error(message: str, code: str, status: int) -> bytes:
    return encode_data("error", {"message": message, "code": code, "status": status})
