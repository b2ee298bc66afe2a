"""Replies and events of the agent as they leave the server: nothing of the machine is in them."""

from __future__ import annotations

import json
from typing import Any

from tastemaker.agent import Card, Done, Event, Reply
from tastemaker.ui.server.bodies import CardOut, ReplyOut
from tastemaker.ui.views.why import why


def card_out(card: Card) -> CardOut:
    """A card with its reasons in words."""
    attributes = card.model_dump(mode="json")["attributes"]
    return CardOut(
        id=card.id,
        title=card.title,
        reason=card.reason,
        score=card.score,
        attributes=attributes,
        why=why(card),
    )


def reply_out(reply: Reply, session: str) -> ReplyOut:
    """A reply under the session's public id."""
    return ReplyOut(
        session=session,
        message=reply.message,
        items=list(map(card_out, reply.items)),
        question=reply.question,
        notes=list(reply.notes),
        usage=reply.usage.model_dump(mode="json"),
    )


def encode_event(event: Event, session: str) -> bytes:
    """One server-sent event, named by the kind; the reply of the last is a :class:`ReplyOut`."""
    content: dict[str, Any] = event.model_dump(mode="json")
    if isinstance(event, Done):
        content["reply"] = reply_out(event.reply, session).model_dump(mode="json")
    return encode_data(event.kind, content)


def encode_data(kind: str, content: dict[str, Any]) -> bytes:
    """One server-sent event of a kind."""
    return f"event: {kind}\ndata: {json.dumps({'kind': kind, **content}, ensure_ascii=False)}\n\n".encode()


def reply_markdown(reply: Reply) -> str:
    """A reply for clients that show Markdown: notes, words, numbered items with reasons, the question."""
    items = [
        f"{place}. **{_plain(card.title)}**: {_plain(card.reason)}"
        for place, card in enumerate(reply.items, 1)
    ]
    parts = (*map(_plain, reply.notes), _plain(reply.message), "\n".join(items), _plain(reply.question))
    return "\n\n".join(part for part in parts if part)


def _plain(text: str) -> str:
    """Text of a catalogue that no client reads as markup, link or picture.

    >>> print(_plain("![x](http://a) <b>*M*A*S*H*"))
    !\\[x\\](http://a) &lt;b>\\*M\\*A\\*S\\*H\\*
    """
    for mark in ("\\", "*", "_", "`", "[", "]"):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("<", "&lt;")
