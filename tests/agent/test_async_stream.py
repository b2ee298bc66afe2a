"""The asynchronous API: the same turns, the event loop free meanwhile."""

import asyncio

import pytest

from tastemaker.agent.async_stream import iterate_in_thread
from tastemaker.retrieval.errors import QueryError


def test_asend_and_astream_give_what_send_and_stream_give(tm):
    async def main():
        session = tm.session()
        reply = await session.asend("a comedy", k=2)
        kinds = [event.kind async for event in session.astream("show me others", k=2)]
        return reply, kinds

    reply, kinds = asyncio.run(main())
    assert len(reply.items) == 2
    assert kinds[0] == "started"
    assert kinds[-1] == "done"


def test_sessions_run_side_by_side(tm):
    async def main():
        return await asyncio.gather(*(tm.session().asend("a thriller") for _ in range(4)))

    replies = asyncio.run(main())
    assert len({reply.session for reply in replies}) == 4
    assert all(reply.items for reply in replies)


def test_errors_reach_the_caller(tm):
    async def main():
        return [event async for event in tm.session().astream("  ")]

    with pytest.raises(QueryError, match="empty"):
        asyncio.run(main())


def test_a_caller_that_stops_listening_does_not_stop_the_work():
    done = []

    def numbers():
        yield from range(100)
        done.append(True)

    async def main():
        async for number in iterate_in_thread(numbers):
            if number == 3:
                break
        for _ in range(200):
            if done:
                return
            await asyncio.sleep(0.01)

    asyncio.run(main())
    assert done == [True]
