"""Takes over, once, what versions before kept in the tables of LangGraph's checkpointer and store.

In a SQLite file, which is ours alone, the old tables go when they have been read. In a
PostgreSQL database others may use tables of the same names: there people's long-term taste is
moved, and conversations begin anew.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from sqlalchemy import Connection, inspect, text

CHECKPOINTS, STORE = "checkpoints", "store"
OLD_TABLES = (CHECKPOINTS, "writes", STORE, "store_migrations")
PEOPLE_PREFIX = "people."

Record = dict[str, Any]
_LOGGER = logging.getLogger(__name__)


def import_langgraph_tables(
    connection: Connection,
) -> tuple[dict[str, Record], dict[tuple[str, str], Record]]:
    """States by session id, and facts by person id and key; the old rows are deleted in the same transaction.

    Args:
        connection: with a transaction begun.
    """
    tables, own = set(inspect(connection).get_table_names()), connection.dialect.name == "sqlite"
    sessions, people = dict[str, Record](), dict[tuple[str, str], Record]()
    if {STORE, "store_migrations"} <= tables:
        people = _read_people(connection)
    if CHECKPOINTS in tables and own:
        sessions = _read_sessions(connection)
    elif CHECKPOINTS in tables and people:
        _LOGGER.warning("conversations of an earlier version in this database are not read; they begin anew")
    for table in tables.intersection(OLD_TABLES) if own else ():
        connection.execute(text(f'DROP TABLE "{table}"'))
    return sessions, people


def _read_people(connection: Connection) -> dict[tuple[str, str], Record]:
    where = "WHERE prefix LIKE 'people.%' AND key IN ('taste', 'sessions')"
    rows = connection.execute(text(f"SELECT prefix, key, value FROM store {where}")).all()  # noqa: S608 - no input
    connection.execute(text(f"DELETE FROM store {where}"))  # noqa: S608
    return {
        (prefix.removeprefix(PEOPLE_PREFIX), key): value if isinstance(value, dict) else json.loads(value)
        for prefix, key, value in rows
    }


def _read_sessions(connection: Connection) -> dict[str, Record]:
    """The last finished state of each session: by the checkpointer's count of steps; its ids are times."""
    from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

    serde = JsonPlusSerializer(allowed_msgpack_modules=[])
    found: dict[str, tuple[int, Record]] = {}
    query = "SELECT thread_id, type, checkpoint, metadata FROM checkpoints WHERE checkpoint_ns = ''"
    for thread, kind, checkpoint, metadata in connection.execute(text(query)):
        state = serde.loads_typed((kind, checkpoint))["channel_values"]
        step = json.loads(metadata or "{}").get("step", 0)
        finished = state.get("turn", 0) == state.get("answered", state.get("turn", 0))
        if finished and step >= found.get(thread, (step, {}))[0]:
            found[thread] = step, {name: value for name, value in state.items() if ":" not in name}
    return {thread: state for thread, (_, state) in found.items()}
