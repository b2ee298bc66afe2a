"""Where sessions and long-term profiles live: a SQLite file, a PostgreSQL database by URL, or memory.

A store keeps the latest state of each session as JSON, replaced as a whole, and facts of
people. On top comes one lock per session, held for a turn or an edit, that also holds between
processes: two pages on one session take their turns one after the other.
"""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from filelock import FileLock, Timeout
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tastemaker.agent.memory.session_tables import SessionTables
from tastemaker.retrieval.errors import ConfigError, DiskFull, SessionBusy, WorkspaceError
from tastemaker.retrieval.unwritable import is_full, is_read_only

WAIT_SECONDS = 300.0
"""How long a turn waits for another one of the same session: a slow model's longest turn and more."""

BUSY_SECONDS = 30.0
CONNECT_SECONDS = 10.0
POOL_SIZE = 16

MEMORY = "memory"
"""In place of a file or a URL: nothing is written, and nothing outlives the store."""
SETUP_LOCK = "tastemaker setup"
LOCK_NOT_AVAILABLE = "55P03"
"""What PostgreSQL calls a lock that was waited for too long."""

JOURNAL_ATTEMPTS, JOURNAL_PAUSE_SECONDS = 20, 0.1

Record = dict[str, Any]

logger = logging.getLogger(__name__)


class SessionStore(ABC):
    """States of sessions, facts of people, and locks, of one place."""

    @abstractmethod
    def load(self, session_id: str) -> tuple[Record, int]:
        """A session's state and its revision, which counts how often it was stored; nothing and 0 for a new one."""

    @abstractmethod
    def save(self, session_id: str, state: Mapping[str, Any], revision: int) -> None:
        """Replace a session's state, as a whole or not at all.

        Args:
            session_id: whose.
            state: JSON values.
            revision: which the new state was made from.

        Raises:
            SessionBusy: somebody else stored another one since.
        """

    @abstractmethod
    def delete(self, session_id: str) -> None:
        """Delete a session, if there is one."""

    @abstractmethod
    def idle_since(self, moment: datetime) -> list[str]:
        """Sessions that were last stored before a moment, the oldest first."""

    @abstractmethod
    def give_back_space(self) -> None:
        """Leave nothing of what was deleted, and no room for it, in the place's files."""

    @abstractmethod
    def person_fact(self, person_id: str, key: str) -> Record | None:
        """What is kept of a person under a key."""

    @abstractmethod
    def set_person_fact(self, person_id: str, key: str, value: Mapping[str, Any]) -> None:
        """Keep something of a person; what was there under the key is replaced."""

    @abstractmethod
    def erase_person(self, person_id: str) -> None:
        """Delete all that is kept of a person."""

    @abstractmethod
    def lock(self, name: str, wait_seconds: float = WAIT_SECONDS) -> AbstractContextManager[None]:
        """A block that nobody else enters under this name, in this or any other process.

        Raises:
            SessionBusy: somebody stayed in it for longer than ``wait_seconds``.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of files and connections."""


def open_session_store(place: Path | str) -> SessionStore:
    """The store in a SQLite file (made where missing), behind a ``postgresql://`` URL, or for :data:`MEMORY`.

    Raises:
        ConfigError: a URL of another kind, or the package for PostgreSQL is not installed.
        WorkspaceError: the database can't be reached or used.
    """
    if isinstance(place, Path):
        return SqliteSessions(place)
    if place == MEMORY:
        return MemorySessions()
    if re.match(r"postgres(ql)?://", place):
        return PostgresSessions(place)
    raise ConfigError(
        f"sessions {hide_password(place)!r}: give a postgresql://user:password@host/database URL,"
        f" {MEMORY!r} to forget them at the end, or nothing to keep them in the workspace"
    )


class SqlSessions(SessionStore):
    """What the two databases have in common.

    Args:
        engine: of the database.
        place: what errors call it, without a password.
        advice: what they say to do.

    Raises:
        WorkspaceError: the database can't be used; so does every method.
    """

    def __init__(self, engine: Engine, place: str, advice: str) -> None:
        self._engine, self._place, self._advice = engine, place, advice
        try:
            with self.lock(SETUP_LOCK), self._errors():  # two processes must not make the tables at once
                self._tables = SessionTables(engine)
        except BaseException:
            self.close()
            raise

    def load(self, session_id: str) -> tuple[Record, int]:
        """As in every store."""
        with self._errors():
            return self._tables.load(session_id)

    def save(self, session_id: str, state: Mapping[str, Any], revision: int) -> None:
        """As in every store."""
        with self._errors():
            saved = self._tables.save(session_id, state, revision)
        if not saved:
            raise _busy_error(session_id)

    def delete(self, session_id: str) -> None:
        """As in every store."""
        with self._errors():
            self._tables.delete(session_id)

    def idle_since(self, moment: datetime) -> list[str]:
        """As in every store."""
        with self._errors():
            return self._tables.idle_since(moment)

    def give_back_space(self) -> None:
        """As in every store; the database's server does it in its own time."""

    def person_fact(self, person_id: str, key: str) -> Record | None:
        """As in every store."""
        with self._errors():
            return self._tables.person_fact(person_id, key)

    def set_person_fact(self, person_id: str, key: str, value: Mapping[str, Any]) -> None:
        """As in every store."""
        with self._errors():
            self._tables.set_person_fact(person_id, key, value)

    def erase_person(self, person_id: str) -> None:
        """As in every store."""
        with self._errors():
            self._tables.erase_person(person_id)

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            reason = " ".join(str(cause).split())[:200]
            if is_full(cause) or is_read_only(cause):
                raise unwritable(self._place, cause, reason) from error
            raise WorkspaceError(f"cannot use {self._place} ({reason}); {self._advice}") from error


class SqliteSessions(SqlSessions):
    """A file beside the workspace's other files; its locks are files in a folder next to it."""

    def __init__(self, path: Path) -> None:
        self._locks = path.with_suffix(".locks")
        engine = create_engine(
            f"sqlite:///{path}", hide_parameters=True, connect_args={"timeout": BUSY_SECONDS}
        )
        event.listen(engine, "connect", _use_write_ahead_log)
        super().__init__(engine, str(path), "move it away to begin with an empty one")

    @contextmanager
    def lock(self, name: str, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
        """As in every store."""
        lock = FileLock(self._locks / f"{name}.lock", timeout=wait_seconds, thread_local=False)
        try:
            self._locks.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise _busy(name, wait_seconds) from None
        except OSError as error:
            if is_full(error) or is_read_only(error):
                raise unwritable(self._place, error, str(error.strerror)) from error
            raise
        try:
            yield
        finally:
            lock.release()

    def delete(self, session_id: str) -> None:
        """As in every store; its lock's file goes too, and what the database's journal still has of it."""
        super().delete(session_id)
        self._wipe(session_id)

    def erase_person(self, person_id: str) -> None:
        """As in every store; likewise."""
        super().erase_person(person_id)
        self._wipe(f"person {person_id}")

    def give_back_space(self) -> None:
        """Give the file's free pages back to the file system."""
        with self._errors(), self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM"))
        self._empty_journal()

    def _wipe(self, lock: str) -> None:
        (self._locks / f"{lock}.lock").unlink(missing_ok=True)
        self._empty_journal()

    def _empty_journal(self) -> None:
        """Deleted rows are overwritten in the file; this has no older copy of them stay in the journal beside it."""
        for _ in range(JOURNAL_ATTEMPTS):
            with self._errors(), self._engine.connect() as connection:
                busy = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).scalar()
            if not busy:
                return
            time.sleep(JOURNAL_PAUSE_SECONDS)
        logger.warning(
            "%s is being read elsewhere: its journal keeps deleted rows until that ends", self._place
        )


class MemorySessions(SessionStore):
    """This process's memory, for evaluations and trials; a session that is done with is to be erased."""

    def __init__(self) -> None:
        self._states: dict[str, tuple[str, int]] = {}  # as text, so that nobody changes them from outside
        self._people: dict[str, dict[str, str]] = {}
        self._locks: WeakValueDictionary[str, _Lock] = WeakValueDictionary()
        self._making = threading.Lock()

    @contextmanager
    def lock(self, name: str, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
        """As in every store."""
        with self._making:
            lock = self._locks.setdefault(name, _Lock())
        if not lock.held.acquire(timeout=wait_seconds):
            raise _busy(name, wait_seconds)
        try:
            yield
        finally:
            lock.held.release()

    def load(self, session_id: str) -> tuple[Record, int]:
        """As in every store."""
        state, revision = self._states.get(session_id, ("{}", 0))
        return json.loads(state), revision

    def save(self, session_id: str, state: Mapping[str, Any], revision: int) -> None:
        """As in every store."""
        with self._making:
            if self._states.get(session_id, ("", 0))[1] != revision:
                raise _busy_error(session_id)
            self._states[session_id] = json.dumps(state), revision + 1

    def delete(self, session_id: str) -> None:
        """As in every store."""
        self._states.pop(session_id, None)

    def idle_since(self, moment: datetime) -> list[str]:  # noqa: ARG002 - as in every store
        """None: they last no longer than the process."""
        return []

    def give_back_space(self) -> None:
        """Nothing is written."""

    def person_fact(self, person_id: str, key: str) -> Record | None:
        """As in every store."""
        value = self._people.get(person_id, {}).get(key)
        return None if value is None else json.loads(value)

    def set_person_fact(self, person_id: str, key: str, value: Mapping[str, Any]) -> None:
        """As in every store."""
        self._people.setdefault(person_id, {})[key] = json.dumps(value)

    def erase_person(self, person_id: str) -> None:
        """As in every store."""
        self._people.pop(person_id, None)

    def close(self) -> None:
        """Nothing to let go of."""


class _Lock:
    """A lock that goes when nobody holds or waits for it."""

    def __init__(self) -> None:
        self.held = threading.Lock()


class PostgresSessions(SqlSessions):
    """A database that many machines share; a lock is freed when the process that holds it dies."""

    def __init__(self, url: str) -> None:
        # Turns hold a connection of their own for the lock, so these can't use up the others.
        self._lock_engine = _postgres(url).execution_options(isolation_level="AUTOCOMMIT")
        advice = "is the database running and the address right?"
        super().__init__(_postgres(url), f"the session store {hide_password(url)}", advice)

    @contextmanager
    def lock(self, name: str, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
        """As in every store."""
        key = {"name": name}
        with self._errors():
            connection = self._lock_engine.connect()
        with connection:
            try:
                with self._errors():
                    connection.execute(text(f"SET lock_timeout = {int(wait_seconds * 1000)}"))
                    connection.execute(text("SELECT pg_advisory_lock(hashtextextended(:name, 0))"), key)
            except WorkspaceError as error:
                if _sqlstate(error.__cause__) == LOCK_NOT_AVAILABLE:
                    raise _busy(name, wait_seconds) from None
                raise
            try:
                yield
            finally:
                with self._errors():
                    connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))"), key)

    def close(self) -> None:
        """Close the connections."""
        super().close()
        self._lock_engine.dispose()


def hide_password(url: str) -> str:
    """A URL without its password.

    >>> hide_password("postgresql://anna:secret@db/shop")
    'postgresql://anna:***@db/shop'
    """
    return re.sub(r"(//[^:/@]+):[^@]*@", r"\1:***@", url)


def unwritable(place: str, cause: BaseException | None, reason: str) -> DiskFull:
    """The error of a place where nothing can be written, with what to do about it."""
    advice = (
        "keep them elsewhere: --home FOLDER, --sessions postgresql://..., or --sessions memory"
        if is_read_only(cause)
        else "free some space"
    )
    return DiskFull(f"sessions cannot be kept in {place} ({reason}); {advice}")


def _use_write_ahead_log(connection: sqlite3.Connection, _: object) -> None:
    """Readers then do not wait for a writer; what is deleted is overwritten."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA secure_delete=ON")


def _postgres(url: str) -> Engine:
    try:
        import psycopg
    except ImportError as error:
        raise ConfigError(
            f"{hide_password(url)} needs a package: pip install 'tastemaker[postgres]'"
        ) from error
    return create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(url, connect_timeout=max(1, int(CONNECT_SECONDS))),
        hide_parameters=True,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=CONNECT_SECONDS,
        pool_pre_ping=True,
    )


def _sqlstate(error: BaseException | None) -> str:
    return getattr(error.orig, "sqlstate", "") if isinstance(error, DBAPIError) else ""


def _busy(name: str, seconds: float) -> SessionBusy:
    return SessionBusy(
        f"session {name!r} has been busy with another turn for {seconds:g} s; send it again later"
    )


def _busy_error(name: str) -> SessionBusy:
    return SessionBusy(f"session {name!r} was changed elsewhere in the meantime; send it again")
