"""One turn for a caller: takes a slot, counts its time, streams its events or gives the reply."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from fastapi.sse import EventSourceResponse

from tastemaker.agent import Done, Event, Reply, Session
from tastemaker.retrieval.errors import TastemakerError
from tastemaker.ui.server.errors import status_of
from tastemaker.ui.server.replies import encode_event
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
    async with server.slots.take():
        async for event in session.astream(message, k):
            if first:
                server.metrics.first.observe(time.perf_counter() - started)
                first = False
            yield event
    server.metrics.seconds.observe(time.perf_counter() - started)


async def event_stream(
    server: ServerState, session: Session, public: str, message: str, k: int
) -> EventSourceResponse:
    """A turn as server-sent events. What is wrong from the start is an error's status, not a broken stream."""
    running = events(server, session, message, k)
    first = await anext(running)

    async def encode() -> AsyncIterator[bytes]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(running.aclose)  # type: ignore[attr-defined]
            yield encode_event(first, public)
            try:
                async for event in running:
                    yield encode_event(event, public)
            except TastemakerError as error:
                yield _encode_error(error)

    return EventSourceResponse(encode(), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def _encode_error(error: TastemakerError) -> bytes:
    said = {"kind": "error", "message": str(error), "code": type(error).__name__, "status": status_of(error)}
    return f"event: error\ndata: {json.dumps(said, ensure_ascii=False)}\n\n".encode()
