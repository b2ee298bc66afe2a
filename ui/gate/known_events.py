"""ASGI middleware that refuses events of the page's queue which the page can't send: Gradio would fail on them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

JOIN = "/gradio_api/queue/join"


class KnownEvents:
    """Lets events of known functions with enough values through to ``app``; others are answered with 422.

    Args:
        app: what is behind it.
        inputs: how many values each function of the page takes, by its number.
    """

    def __init__(self, app: ASGIApp, inputs: Mapping[int, int]) -> None:
        self._app = app
        self._inputs = inputs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI says."""
        if scope["type"] != "http" or scope["path"] != JOIN or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        messages = [await receive()]
        while messages[-1].get("more_body"):
            messages.append(await receive())
        if self._knows(b"".join(message.get("body", b"") for message in messages)):
            await self._app(scope, _again(messages, receive), send)
        else:
            await JSONResponse({"detail": "malformed request"}, 422)(scope, receive, send)

    def _knows(self, body: bytes) -> bool:
        try:
            event: Any = json.loads(body)
        except (ValueError, RecursionError):
            return False
        if not isinstance(event, dict):
            return False
        number, values = event.get("fn_index"), event.get("data")
        return (
            type(number) is int  # true and false are no numbers
            and number in self._inputs
            and isinstance(values, list)
            and len(values) >= self._inputs[number]
        )


def _again(messages: list[Message], receive: Receive) -> Receive:
    """What was received, once more, then what comes after."""

    async def next_message() -> Message:
        return messages.pop(0) if messages else await receive()

    return next_message
