"""The agent as one client sees it over MCP: conversations and people of its own, as over REST."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from tastemaker.agent import Reply, Session, Tastemaker
from tastemaker.agent.memory.person import Person
from tastemaker.agent.turn.allowance import FULL, Allowance
from tastemaker.agent.turn.state import TurnResources
from tastemaker.ui.server.sessions import own_id
from tastemaker.ui.server.turn_slots import TurnSlots

client: ContextVar[str] = ContextVar("tastemaker_client", default="")
"""Whose key came with the request that is being answered; "" where no keys are asked for."""

_allowed: ContextVar[Allowance] = ContextVar("tastemaker_allowance", default=FULL)


@asynccontextmanager
async def admit(slots: TurnSlots) -> AsyncIterator[None]:
    """A block in which a client's turn runs, with what it may do; raises Overloaded where none may."""
    async with slots.take() as allowance:
        before = _allowed.set(allowance)
        try:
            yield
        finally:
            _allowed.reset(before)


@dataclass(frozen=True)
class BoundedConversation:
    """A conversation whose turns do no more than what they were let in with."""

    session: Session

    def send(self, message: str, k: int) -> Reply:
        """As the session's."""
        return self.session.send(message, k, _allowed.get())


class ClientAgent:
    """Gives each client sessions and people under its own name; an id that an earlier answer gave is taken as it is."""

    def __init__(self, tm: Tastemaker) -> None:
        self._tm = tm

    @property
    def resources(self) -> TurnResources:
        """Of the agent."""
        return self._tm.resources

    def session(
        self, session_id: str | None = None, *, liked: Sequence[str] = (), disliked: Sequence[str] = ()
    ) -> BoundedConversation:
        """As the agent's, in the client's own space."""
        own = _own(session_id or secrets.token_hex(16))
        return BoundedConversation(self._tm.session(own, liked=liked, disliked=disliked))

    def person(self, person_id: str) -> Person:
        """As the agent's, in the client's own space."""
        return self._tm.person(_own(person_id))


def _own(given: str) -> str:
    name = client.get()
    return given if name and given.startswith(f"{name}_") else own_id(name, given)
