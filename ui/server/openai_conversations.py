"""Which of our sessions a stateless list of messages goes on with."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Sequence

from tastemaker.agent import Session
from tastemaker.retrieval.errors import QueryError
from tastemaker.ui.server.openai_bodies import ChatMessage
from tastemaker.ui.server.state import ServerState
from tastemaker.ui.server.turns import turn

KNOWN = 10_000
"""Conversations remembered, those used last before others."""
MOST_AGAIN = 10
"""Messages that are read again where a conversation is not remembered, the latest of it."""


class OpenConversations:
    """After each answer it remembers which session gave it, by all that had been said until then.

    A list that goes on from there goes on in the same session. One that does not, because somebody edited it, or
    another process gave the answer, is read again message by message in a new session.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    async def session_for(
        self, server: ServerState, client: str, messages: Sequence[ChatMessage], k: int
    ) -> tuple[str, Session, str]:
        """Public id, session and the message that is to be answered.

        Raises:
            QueryError: the last message is not the user's, or is empty.
        """
        spoken = [one for one in messages if one.role in ("user", "assistant")]
        if not spoken or spoken[-1].role != "user" or not spoken[-1].text.strip():
            raise QueryError("the last message has to be the user's, with some text in it")
        earlier, asked = spoken[:-1], spoken[-1].text
        with self._lock:
            known = self._known.pop(_key(client, earlier), None)
        if known is not None:
            session = await asyncio.to_thread(server.sessions.find, client, known)
            if session.messages and session.messages[-1]["role"] == "assistant":
                return known, session, asked
        public, session = await asyncio.to_thread(server.sessions.new, client)
        for one in [one for one in earlier if one.role == "user" and one.text.strip()][-MOST_AGAIN:]:
            await turn(server, session, one.text, k)
        return public, session, asked

    def remember(self, client: str, messages: Sequence[ChatMessage], answer: str, public: str) -> None:
        """The session's next message follows on ``messages`` and ``answer``."""
        spoken = [one for one in messages if one.role in ("user", "assistant")]
        with self._lock:
            self._known[_key(client, [*spoken, ChatMessage(role="assistant", content=answer)])] = public
            if len(self._known) > KNOWN:
                self._known.popitem(last=False)


def _key(client: str, messages: Sequence[ChatMessage]) -> str:
    said = json.dumps([client, [(one.role, one.text) for one in messages]], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
