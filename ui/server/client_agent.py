"""The agent as one client sees it over MCP: conversations and people of its own, as over REST."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextvars import ContextVar

from tastemaker.agent import Session, Tastemaker
from tastemaker.agent.memory.person import Person
from tastemaker.agent.turn.state import TurnResources
from tastemaker.ui.server.sessions import own_id

client: ContextVar[str] = ContextVar("tastemaker_client", default="")
"""Whose key came with the request that is being answered; "" where no keys are asked for."""


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
    ) -> Session:
        """As the agent's, in the client's own space."""
        return self._tm.session(_own(session_id or uuid.uuid4().hex[:20]), liked=liked, disliked=disliked)

    def person(self, person_id: str) -> Person:
        """As the agent's, in the client's own space."""
        return self._tm.person(_own(person_id))


def _own(given: str) -> str:
    name = client.get()
    return given if name and given.startswith(f"{name}_") else own_id(name, given)
