"""Replies and events of the agent as they leave the server: nothing of the machine is in them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from tastemaker.agent import Card, Done, Event, Reply
from tastemaker.agent.events import CardsByRules, ItemShown
from tastemaker.retrieval.catalog.media import MediaFields
from tastemaker.ui.server.bodies import CardOut, ReplyOut
from tastemaker.ui.views.why import why

SAFE = ":/?#@!$&*+,;=%~-._"
"""Characters that an address keeps within Markdown; a bracket would end it."""


def card_out(card: Card, media: MediaFields) -> CardOut:
    """A card with its reasons in words, its picture and its page."""
    attributes = card.model_dump(mode="json")["attributes"]
    return CardOut(
        id=card.id,
        title=card.title,
        reason=card.reason,
        score=card.score,
        attributes=attributes,
        why=why(card),
        **media.of(card.attributes),
    )


def reply_out(reply: Reply, session: str, media: MediaFields) -> ReplyOut:
    """A reply under the session's public id."""
    return ReplyOut(
        session=session,
        message=reply.message,
        items=[card_out(card, media) for card in reply.items],
        question=reply.question,
        notes=list(reply.notes),
        usage=reply.usage.model_dump(mode="json"),
    )


def encode_event(event: Event, session: str, media: MediaFields) -> bytes:
    """One server-sent event, named by the kind; the reply of the last is a :class:`ReplyOut`."""
    content: dict[str, Any] = event.model_dump(mode="json")
    if isinstance(event, Done):
        content["reply"] = reply_out(event.reply, session, media).model_dump(mode="json")
    elif isinstance(event, ItemShown):
        content["card"].update(media.of(event.card.attributes))
    elif isinstance(event, CardsByRules):
        for told, card in zip(content["cards"], event.cards, strict=True):
            told.update(media.of(card.attributes))
    return encode_data(event.kind, content)


def encode_data(kind: str, content: dict[str, Any]) -> bytes:
    """One server-sent event of a kind."""
    return f"event: {kind}\ndata: {json.dumps({'kind': kind, **content}, ensure_ascii=False)}\n\n".encode()


def reply_markdown(reply: Reply, media: MediaFields) -> str:
    """A reply for clients that show Markdown: notes, words, numbered items with reasons, the question.

    A title leads to the item's page where it has one; pictures are left to the fields for programs.
    """
    items = [
        f"{place}. **{_title(card, media)}**: {_plain(card.reason)}"
        for place, card in enumerate(reply.items, 1)
    ]
    parts = (*map(_plain, reply.notes), _plain(reply.message), "\n".join(items), _plain(reply.question))
    return "\n\n".join(part for part in parts if part)


def _title(card: Card, media: MediaFields) -> str:
    title, link = _plain(card.title), media.link_of(card.attributes)
    return f"[{title}]({quote(link, safe=SAFE)})" if link else title


def _plain(text: str) -> str:
    """Text of a catalogue that no client reads as markup, link or picture.

    >>> print(_plain("![x](http://a) <b>*M*A*S*H*"))
    !\\[x\\](http://a) &lt;b>\\*M\\*A\\*S\\*H\\*
    """
    for mark in ("\\", "*", "_", "`", "[", "]"):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("<", "&lt;")
