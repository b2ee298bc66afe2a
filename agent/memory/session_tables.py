"""The tables of a session store, in SQLite or PostgreSQL: one row per conversation, one per fact of a person.

A conversation's row is replaced as a whole, under a counter of its own: whoever stores it says
which revision it was made from, so that two writers never overwrite each other and no clock
decides what is latest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Engine, Integer, MetaData, String, Table, Text, select
from sqlalchemy.exc import IntegrityError

from tastemaker.agent.memory.langgraph_import import import_langgraph_tables

METADATA = MetaData()
SESSIONS = Table(
    "tastemaker_sessions",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, index=True),
)
PEOPLE = Table(
    "tastemaker_people",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)

Record = dict[str, Any]


class SessionTables:
    """Reads and writes them.

    Args:
        engine: of the database. The tables are made where they are missing, and what LangGraph's own tables
            there hold from versions before is taken over.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with engine.begin() as connection:
            METADATA.create_all(connection)
            sessions, people = import_langgraph_tables(connection)
            now = datetime.now(UTC)
            for name, state in sessions.items():
                row = {"id": name, "revision": 1, "state": _to_text(state), "updated_at": now}
                connection.execute(SESSIONS.insert().values(row))
            for (name, key), value in people.items():
                row = {"id": name, "key": key, "value": _to_text(value), "updated_at": now}
                connection.execute(PEOPLE.insert().values(row))

    def load(self, session_id: str) -> tuple[Record, int]:
        """A conversation's state and its revision; nothing and 0 where there is none."""
        query = SESSIONS.select().where(SESSIONS.c.id == session_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return (json.loads(row.state), row.revision) if row else ({}, 0)

    def save(self, session_id: str, state: Mapping[str, Any], revision: int) -> bool:
        """Replace a conversation's state that was made from a revision; False where that is not the present one."""
        row = {"revision": revision + 1, "state": _to_text(state), "updated_at": datetime.now(UTC)}
        with self._engine.begin() as connection:
            if revision:
                of_it = (SESSIONS.c.id == session_id) & (SESSIONS.c.revision == revision)
                return bool(connection.execute(SESSIONS.update().where(of_it).values(row)).rowcount)
            try:
                connection.execute(SESSIONS.insert().values(id=session_id, **row))
            except IntegrityError:
                return False
        return True

    def delete(self, session_id: str) -> None:
        """Delete a conversation, if there is one."""
        with self._engine.begin() as connection:
            connection.execute(SESSIONS.delete().where(SESSIONS.c.id == session_id))

    def idle_since(self, moment: datetime) -> list[str]:
        """Conversations last stored before a moment, the oldest first."""
        query = select(SESSIONS.c.id).where(SESSIONS.c.updated_at < moment).order_by(SESSIONS.c.updated_at)
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def person_fact(self, person_id: str, key: str) -> Record | None:
        """What is kept of a person under a key."""
        query = PEOPLE.select().where((PEOPLE.c.id == person_id) & (PEOPLE.c.key == key))
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return json.loads(row.value) if row else None

    def set_person_fact(self, person_id: str, key: str, value: Mapping[str, Any]) -> None:
        """Keep something of a person; what was there under the key is replaced."""
        row = {"value": _to_text(value), "updated_at": datetime.now(UTC)}
        of_it = (PEOPLE.c.id == person_id) & (PEOPLE.c.key == key)
        with self._engine.begin() as connection:
            if not connection.execute(PEOPLE.update().where(of_it).values(row)).rowcount:
                connection.execute(PEOPLE.insert().values(id=person_id, key=key, **row))

    def erase_person(self, person_id: str) -> None:
        """Delete all that is kept of a person."""
        with self._engine.begin() as connection:
            connection.execute(PEOPLE.delete().where(PEOPLE.c.id == person_id))


def _to_text(value: Mapping[str, Any]) -> str:
    """As JSON in ASCII: PostgreSQL's texts can't hold a zero character, an escape can be stored everywhere."""
    return json.dumps(value, separators=(",", ":"))
