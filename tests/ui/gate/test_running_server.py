"""A launch on a machine under load: the start is waited for, and one that never comes is said and leaves nothing behind."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.gate import running_server
from tastemaker.ui.gate.listener import listen
from tastemaker.ui.gate.running_server import RunningServer

pytestmark = pytest.mark.wire


def slow_to_start(seconds: float) -> Starlette:
    @asynccontextmanager
    async def start(_: Starlette) -> AsyncIterator[None]:
        await asyncio.sleep(seconds)
        yield

    return Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))], lifespan=start)


def test_a_slow_start_is_waited_for_and_the_port_was_ours_all_the_while(monkeypatch):
    monkeypatch.setenv(
        "HTTP_PROXY", "http://127.0.0.1:9"
    )  # whoever asked oneself through it would find nothing
    listener = listen("127.0.0.1", 8950)
    port = listener.getsockname()[1]
    with RunningServer(slow_to_start(1.0), listener), socket.socket() as other:
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
        assert httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).text == "here"


def test_a_start_that_never_comes_is_told_in_a_line_and_frees_the_port(monkeypatch):
    monkeypatch.setattr(running_server, "START_SECONDS", 0.3)
    monkeypatch.setattr(running_server, "STOP_SECONDS", 5.0)
    listener = listen("127.0.0.1", 8960)
    port = listener.getsockname()[1]
    with pytest.raises(ConfigError, match="did not start within"):
        RunningServer(slow_to_start(1.0), listener)
    again = listen("127.0.0.1", port)
    assert again.getsockname()[1] == port
    again.close()
