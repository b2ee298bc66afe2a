"""All that is kept of a person, as JSON: for them to read, and to take elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tastemaker.agent.event_log import events_of_users
from tastemaker.agent.line_log import read_lines

if TYPE_CHECKING:
    from tastemaker.agent.tastemaker import Tastemaker


def export_person(tm: Tastemaker, person_id: str) -> dict[str, Any]:
    """Taste, conversations, what was written down of them, and events that a site reported or a build has read.

    Items that the catalogue no longer has are given by id. Nothing is changed by it.

    Raises:
        QueryError: a malformed id.
    """
    person, catalog = tm.person(person_id), tm.resources.tool_context.catalog
    return {
        "person": person.id,
        "taste": {
            name: [{"id": i, "title": catalog[i].title if i in catalog else ""} for i in ids]
            for name, ids in person.load_taste
        },
        "sessions": [_session(tm, session_id) for session_id in person.sessions],
        "events": list(events_of_users(tm.home, [person.id, *person.sessions])),
        "log": list(_log(tm, person.id)),
    }


def _session(tm: Tastemaker, session_id: str) -> dict[str, Any]:
    session = tm.session(session_id)
    return {
        "id": session_id,
        "messages": session.messages,
        "summary": session.summary.model_dump(mode="json"),
        "profile": session.profile.model_dump(mode="json"),
        "trace": list(_records(session.trace.path)),
        "feedback": list(_records(session.feedback.path)) if session.feedback else [],
    }


def _log(tm: Tastemaker, user: str) -> Iterator[dict[str, Any]]:
    """What the log that the workspace was built with says of somebody."""
    log, catalog = tm.workspace.log, tm.workspace.built_catalog
    if user in log.users:
        code = log.users.index(user)
        for place in range(log.offsets[code], log.offsets[code + 1]):
            yield {"item": catalog.at(int(log.item[place])).id, "timestamp": float(log.timestamp[place])}


def _records(path: Path) -> Iterator[Any]:
    return (json.loads(line) for _, line in read_lines(path))
