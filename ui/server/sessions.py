"""Conversations of clients: each client has its own, and none sees another's."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from starlette.exceptions import HTTPException

from tastemaker.agent import Session, Tastemaker


class ClientSessions:
    """Opens sessions of one agent under ids that clients know them by."""

    def __init__(self, tm: Tastemaker) -> None:
        self._tm = tm

    def new(
        self,
        client: str,
        history: Sequence[str] = (),
        liked: Sequence[str] = (),
        disliked: Sequence[str] = (),
        person: str | None = None,
    ) -> tuple[str, Session]:
        """A new conversation and its public id, 128 random bits. Raises QueryError for an unknown title."""
        public = secrets.token_hex(16)
        session = self._tm.session(
            own_id(client, public),
            history=history,
            liked=liked,
            disliked=disliked,
            person=own_id(client, person) if person else None,
        )
        if not session.is_kept:
            session.add_history(())
        return public, session

    def find(self, client: str, public: str) -> Session:
        """An earlier conversation; 404 for one that was never begun."""
        session = self._tm.session(own_id(client, public))
        if not session.is_kept:
            raise HTTPException(404, f"no session {public!r}; POST /v1/sessions begins one")
        return session


def own_id(client: str, public: str) -> str:
    """An id within one client's space; as it is where there are no clients."""
    return f"{client}_{public}" if client else public
