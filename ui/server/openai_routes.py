"""``/v1/chat/completions`` and ``/v1/models``: any client of OpenAI's protocol talks with the recommender.

The answer is Markdown; its ``tastemaker`` field holds the session and the cards for programs.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse
from starlette.exceptions import HTTPException

from tastemaker.agent import Done, Reply
from tastemaker.retrieval.errors import TastemakerError
from tastemaker.ui.server.openai_bodies import MODEL, ChatRequest
from tastemaker.ui.server.openai_conversations import OpenConversations
from tastemaker.ui.server.replies import card_out, reply_markdown
from tastemaker.ui.server.state import Client, ServerState, State
from tastemaker.ui.server.turns import events, turn

K = 5
DONE = b"data: [DONE]\n\n"
Record = dict[str, Any]


def openai_router() -> APIRouter:
    """The two routes; conversations are remembered per router."""
    router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"])
    known = OpenConversations()

    @router.get("/models")
    def models(server: State) -> Record:
        """The one model there is."""
        return {"object": "list", "data": [_model(server)]}

    @router.get("/models/{model}")
    def model(model: str, server: State) -> Record:
        """The same by its name."""
        _check_model(model)
        return _model(server)

    @router.post(
        "/chat/completions",
        response_model=None,
        responses={200: {"content": {"text/event-stream": {}}}},
    )
    async def complete(body: ChatRequest, server: State, client: Client) -> Record | EventSourceResponse:
        """Answer the last message of a conversation; earlier ones count as they do in a session.

        System messages and settings of sampling have no effect: what is recommended follows from the catalogue.
        """
        _check_model(body.model)
        server.slots.check()  # before a remembered conversation is taken out
        public, session, asked = await known.session_for(server, client, body.messages, K)
        head: Record = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}

        def settle(reply: Reply) -> str:
            text = reply_markdown(reply, server.media)
            known.remember(client, body.messages, text, public)
            return text

        if not body.stream:
            reply = await turn(server, session, asked, K)
            choice = {
                "index": 0,
                "message": {"role": "assistant", "content": settle(reply)},
                "finish_reason": "stop",
            }
            whole = {**head, "object": "chat.completion", "choices": [choice], "usage": _usage(reply)}
            return {**whole, "tastemaker": _for_programs(server, reply, public)}

        running = events(server, session, asked, K)
        await anext(running)  # what is wrong from the start is a status, not a broken stream

        async def encode() -> AsyncIterator[bytes]:
            yield _chunk(head, {"role": "assistant", "content": ""})
            try:
                async for event in running:
                    if isinstance(event, Done):
                        for line in settle(event.reply).splitlines(keepends=True):
                            yield _chunk(head, {"content": line})
                        yield _chunk(head, {}, "stop", tastemaker=_for_programs(server, event.reply, public))
                        if body.stream_options and body.stream_options.include_usage:
                            yield _data({**head, **_CHUNK, "choices": [], "usage": _usage(event.reply)})
            except TastemakerError as error:
                yield _data(
                    {"error": {"message": str(error), "type": "server_error", "code": type(error).__name__}}
                )
            finally:
                await running.aclose()  # type: ignore[attr-defined]
            yield DONE

        return EventSourceResponse(encode(), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    return router


_CHUNK = {"object": "chat.completion.chunk"}


def _chunk(head: Record, delta: Record, finish: str | None = None, **more: Any) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _data({**head, **_CHUNK, "choices": [choice], **more})


def _data(content: Record) -> bytes:
    return f"data: {json.dumps(content, ensure_ascii=False)}\n\n".encode()


def _usage(reply: Reply) -> Record:
    spent = reply.usage
    return {
        "prompt_tokens": spent.prompt_tokens,
        "completion_tokens": spent.completion_tokens,
        "total_tokens": spent.prompt_tokens + spent.completion_tokens,
    }


def _for_programs(server: ServerState, reply: Reply, public: str) -> Record:
    items = [card_out(card, server.media).model_dump(mode="json") for card in reply.items]
    return {"session": public, "items": items}


def _model(server: ServerState) -> Record:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": server.tm.workspace.manifest.name}


def _check_model(name: str) -> None:
    if name != MODEL:
        raise HTTPException(404, f"no model {name[:100]!r}; there is {MODEL!r}")
