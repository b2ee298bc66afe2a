"""What all routes of one server share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.media import MediaFields, media_fields
from tastemaker.ui.server.metrics import Metrics
from tastemaker.ui.server.sessions import ClientSessions
from tastemaker.ui.server.settings import ServerSettings
from tastemaker.ui.server.turn_slots import TurnSlots


@dataclass
class ServerState:
    """The agent, and what keeps its callers apart."""

    tm: Tastemaker
    settings: ServerSettings
    slots: TurnSlots
    sessions: ClientSessions
    metrics: Metrics
    ready: bool = False

    @property
    def catalog(self) -> Catalog:
        """The items."""
        return self.tm.resources.tool_context.catalog

    @cached_property
    def media(self) -> MediaFields:
        """Which of their attributes are addresses."""
        return media_fields(self.catalog)


def _state_of(request: Request) -> ServerState:
    state: ServerState = request.app.state.server
    return state


def _client_of(request: Request) -> str:
    """Whose key came with the request; "" where no keys are asked for."""
    return str(request.scope.get("state", {}).get("client", ""))


State = Annotated[ServerState, Depends(_state_of)]
Client = Annotated[str, Depends(_client_of)]
