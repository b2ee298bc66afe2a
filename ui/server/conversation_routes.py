"""``/v1/sessions``: conversations, their messages and their profiles."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from fastapi.responses import PlainTextResponse
from fastapi.sse import EventSourceResponse

from tastemaker.agent import Session
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.widen_profile import widened
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.constraints import describe
from tastemaker.ui.server.bodies import ID, NewMessage, NewSession, ProfileEdit, ReplyOut, SessionOut
from tastemaker.ui.server.replies import card_out, reply_out
from tastemaker.ui.server.state import Client, ServerState, State
from tastemaker.ui.server.turns import event_stream, turn
from tastemaker.ui.views.export import conversation_json, conversation_markdown
from tastemaker.ui.views.where import read_where

SessionId = Annotated[str, Path(pattern=ID, description="The id that POST /v1/sessions gave.")]

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])


@router.post("", status_code=201)
def begin(body: NewSession, server: State, client: Client, response: Response) -> SessionOut:
    """Begin a conversation, with titles that the person took, likes or dislikes."""
    public, session = server.sessions.new(client, body.history, body.liked, body.disliked, body.person)
    response.headers["Location"] = f"{server.settings.root_path}/v1/sessions/{public}"
    return _session_out(server, public, session)


@router.get("/{session_id}")
def read(session_id: SessionId, server: State, client: Client) -> SessionOut:
    """The conversation as it stands."""
    return _session_out(server, session_id, server.sessions.find(client, session_id))


@router.delete("/{session_id}", status_code=204)
def erase(session_id: SessionId, server: State, client: Client) -> Response:
    """Delete the conversation with its trace and its log."""
    server.sessions.find(client, session_id).erase()
    return Response(status_code=204)


@router.post(
    "/{session_id}/messages",
    response_model=ReplyOut,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def say(
    session_id: SessionId, body: NewMessage, server: State, client: Client
) -> ReplyOut | EventSourceResponse:
    """One turn: its typed events as server-sent events, or with ``"stream": false`` the reply alone.

    The first event, ``queued``, comes at once; then ``started``, ``understood``, ``tool``, ``model``, ``item``,
    ``text`` and others; the last is ``done`` with the reply, or ``error``.
    """
    server.slots.check()
    session = await asyncio.to_thread(server.sessions.find, client, session_id)
    if body.stream:
        return await event_stream(server, session, session_id, body.message, body.k)
    return reply_out(await turn(server, session, body.message, body.k), session_id, server.media)


@router.patch("/{session_id}/profile")
def edit(session_id: SessionId, body: ProfileEdit, server: State, client: Client) -> SessionOut:
    """Change what is known of the person in this conversation."""
    session = server.sessions.find(client, session_id)
    _apply(server, session, body)
    return _session_out(server, session_id, session)


@router.get("/{session_id}/export", response_class=PlainTextResponse)
def export(
    session_id: SessionId, server: State, client: Client, form: Literal["md", "json"] = "md"
) -> Response:
    """The conversation to keep, as Markdown or JSON."""
    session = server.sessions.find(client, session_id)
    if form == "md":
        return Response(
            conversation_markdown(session, server.catalog), media_type="text/markdown; charset=utf-8"
        )
    from fastapi.responses import JSONResponse

    return JSONResponse({**conversation_json(session, server.catalog), "session": session_id})


def _apply(server: ServerState, session: Session, body: ProfileEdit) -> None:
    item, where = body.item, body.where
    if body.do in ("undo", "redo"):
        session.undo() if body.do == "undo" else session.redo()
    elif body.do in ("condition", "drop", "widen"):
        if where is None:
            raise QueryError(f'{body.do} needs "where", such as "year at least 1990"')
        if body.do == "condition":
            context = server.tm.resources.tool_context
            session.add_constraint(read_where(where, context.catalog, lambda: context.resolver))
        elif body.do == "widen":
            _check_stands(session.profile, where)
            session.set_profile(widened(session.profile, where, server.catalog))
        else:
            session.set_profile(_without(session.profile, where))
    elif item is None:
        raise QueryError(f'{body.do} needs "item", the id of one')
    else:
        {
            "like": session.like,
            "dislike": session.dislike,
            "choose": session.choose,
            "open": session.open_item,
            "forget": session.forget,
        }[body.do](item)


def _check_stands(profile: TasteProfile, said: str) -> None:
    stand = list(map(describe, profile.constraints))
    if said not in stand:
        raise QueryError(f"no condition {said!r}; there are: {'; '.join(stand) or 'none'}")


def _without(profile: TasteProfile, said: str) -> TasteProfile:
    _check_stands(profile, said)
    kept = tuple(one for one in profile.constraints if describe(one) != said)
    return profile.model_copy(update={"constraints": kept})


def _session_out(server: ServerState, public: str, session: Session) -> SessionOut:
    content: dict[str, Any] = conversation_json(session, server.catalog)
    return SessionOut(
        session=public,
        messages=content["messages"],
        profile=content["profile"],
        items=[card_out(card, server.media) for card in session.last_items],
    )
