"""Agents that talk with simulated users: our own through its Python API, or any Python callable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tastemaker.agent import Tastemaker
from tastemaker.evals.dialogues.agent_system import read_answer
from tastemaker.evals.simulation.user import AgentTurn, Conversation
from tastemaker.retrieval.errors import DataError

Answering = Callable[[dict[str, Any]], Any]
"""Takes ``{"messages": [{"role", "text"}, ...], "history": [ids], "k": n}``, the last message being the
user's; returns ``{"items": [ids], "text": str, "question": str}``."""


class TastemakerUnderTest:
    """Sessions of an open agent; ``k`` items a turn."""

    def __init__(self, tm: Tastemaker, k: int) -> None:
        self._tm = tm
        self._k = k

    def begin(self, history: Sequence[str]) -> Conversation:
        """A new session."""
        return _TastemakerConversation(self._tm, history, self._k)


class _TastemakerConversation:
    def __init__(self, tm: Tastemaker, history: Sequence[str], k: int) -> None:
        self._session = tm.session(history=history)
        self._k = k

    def send(self, message: str) -> AgentTurn:
        found = read_answer(lambda: self._session.stream(message, self._k))
        usage = dict(found.usage) if found.usage else None
        return AgentTurn(
            found.items, found.text or "", found.question, usage, found.first_seconds, found.places
        )

    def accept(self, item_id: str) -> None:
        self._session.choose(item_id)


class CallableUnderTest:
    """Any function of the conversation so far, see :data:`Answering`."""

    def __init__(self, answer: Answering, k: int) -> None:
        self._answer = answer
        self._k = k

    def begin(self, history: Sequence[str]) -> Conversation:
        """A new conversation."""
        return _CallableConversation(self._answer, history, self._k)


class _CallableConversation:
    def __init__(self, answer: Answering, history: Sequence[str], k: int) -> None:
        self._answer = answer
        self._history = tuple(history)
        self._k = k
        self._messages: list[dict[str, Any]] = []

    def send(self, message: str) -> AgentTurn:
        self._messages.append({"role": "user", "text": message})
        given = self._answer({"messages": list(self._messages), "history": list(self._history), "k": self._k})
        items = given.get("items") if isinstance(given, Mapping) else None
        if not isinstance(items, list | tuple):
            raise DataError(
                'an agent must return {"items": [ids], "text": ..., "question": ...}, '
                f"this one returned {str(given)[:80]!r}"
            )
        turn = AgentTurn(
            tuple(map(str, items))[: self._k],
            str(given.get("text", "")),
            str(given.get("question", "") or ""),
        )
        self._messages.append({"role": "assistant", "text": turn.text, "items": list(turn.items)})
        return turn

    def accept(self, item_id: str) -> None:
        """Nothing to do: a function learns of it by not being asked again."""
