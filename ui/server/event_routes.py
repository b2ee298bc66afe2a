"""``/v1/events``: what people did, for their profiles, the feedback log and the next build."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter

from tastemaker.agent.event_log import append_events
from tastemaker.agent.memory.person import Person
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.retrieval.errors import DiskFull, QueryError
from tastemaker.ui.server.bodies import EventIn, EventsIn
from tastemaker.ui.server.sessions import own_id
from tastemaker.ui.server.state import Client, ServerState, State

router = APIRouter(prefix="/v1", tags=["events"])


@router.post("/events", status_code=202)
def take(body: EventsIn, server: State, client: Client) -> dict[str, Any]:
    """Take in what people did. All events are checked first: either all are taken or none.

    An event of a session joins its profile and its feedback log; one of a person joins what is known of them.
    Both are appended to a file of the day in the folder ``events`` of sessions and traces, in a form that
    `tastemaker build --interactions` reads.
    """
    for number, event in enumerate(body.events, 1):
        _check(server, client, event, number)
    for event in body.events:
        _apply(server, client, event)
    _write(server, client, body.events)
    return {"taken": len(body.events)}


def _check(server: ServerState, client: str, event: EventIn, number: int) -> None:
    if event.item not in server.catalog:
        raise QueryError(f"event {number}: no item {event.item!r} in the catalogue")
    if (event.session is None) == (event.person is None):
        raise QueryError(f"event {number}: give either session or person, not both and not none")
    if event.session is not None:
        server.sessions.find(client, event.session)


def _apply(server: ServerState, client: str, event: EventIn) -> None:
    if event.session is not None:
        session = server.sessions.find(client, event.session)
        {
            "opened": session.open_item,
            "liked": session.like,
            "disliked": session.dislike,
            "chosen": session.choose,
        }[event.kind](event.item)
    elif event.person is not None:
        _learn(server.tm.person(own_id(client, event.person)), event)


def _learn(person: Person, event: EventIn) -> None:
    before = TasteProfile(**dict(person.taste))
    changed = {
        "liked": before.with_like,
        "disliked": before.with_dislike,
        "chosen": before.with_seen,
    }.get(event.kind)
    if changed:
        person.learn(before, changed(event.item))


def _write(server: ServerState, client: str, events: Sequence[EventIn]) -> None:
    now = round(datetime.now(UTC).timestamp(), 3)
    records = [
        {
            "user": own_id(client, event.person or event.session or ""),
            "item": event.item,
            "kind": event.kind,
            "timestamp": event.timestamp if event.timestamp is not None else now,
        }
        for event in events
    ]
    try:
        append_events(server.tm.home, records)
    except OSError as error:
        raise DiskFull(
            f"the events can't be written down ({error.strerror}); make room, and send them again"
        ) from error
