"""Where sessions and long-term profiles live: a SQLite file, a PostgreSQL database by URL, or memory.

Conversations are kept by LangGraph's checkpointers, people's long-term profiles by its
stores. On top of them comes one lock per session, held for a turn or an edit, that also
holds between processes: two pages on one session take their turns one after the other.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from filelock import FileLock, Timeout
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore
from langgraph.store.sqlite import SqliteStore

from tastemaker.retrieval.errors import ConfigError, SessionBusy, WorkspaceError

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg_pool import ConnectionPool

WAIT_SECONDS = 300.0
"""How long a turn waits for another one of the same session: a slow model's longest turn and more."""

BUSY_SECONDS = 30.0
CONNECT_SECONDS = 10.0
POOL_SIZE = 16

MEMORY = "memory"
"""In place of a file or a URL: nothing is written, and nothing outlives the store."""
SETUP_LOCK = "tastemaker setup"


class SessionStore(ABC):
    """Checkpointer, store and locks of one place.

    Attributes:
        checkpointer: keeps the state of each session.
        people: keeps one profile per person.
    """

    checkpointer: BaseCheckpointSaver[Any]
    people: BaseStore

    @abstractmethod
    def lock(self, name: str, wait_seconds: float = WAIT_SECONDS) -> AbstractContextManager[None]:
        """A block that nobody else enters under this name, in this or any other process.

        Raises:
            SessionBusy: somebody stayed in it for longer than ``wait_seconds``.
        """

    @abstractmethod
    def keep_latest(self, session_id: str) -> None:
        """Forget the states that a session went through before its present one, so that it grows with what it holds.

        Only for a session whose last turn is finished: going back is the timeline's affair, not the store's.
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


class SqliteSessions(SessionStore):
    """A file beside the workspace's other files; its locks are files in a folder next to it."""

    def __init__(self, path: Path) -> None:
        self._locks = path.with_suffix(".locks")
        self._connections = [_sqlite(path), _sqlite(path)]
        serde = JsonPlusSerializer(allowed_msgpack_modules=[])
        try:
            self.checkpointer = self._saver = SqliteSaver(self._connections[0], serde=serde)
            self.checkpointer.setup()
            self.people = SqliteStore(self._connections[1])
            self.people.setup()
        except sqlite3.Error as error:
            self.close()
            raise WorkspaceError(
                f"cannot use {path} ({error}); move it away to begin with an empty one"
            ) from error

    @contextmanager
    def lock(self, name: str, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
        """As in every store."""
        self._locks.mkdir(exist_ok=True)
        try:
            with FileLock(self._locks / f"{name}.lock", timeout=wait_seconds, thread_local=False):
                yield
        except Timeout:
            raise _busy(name, wait_seconds) from None

    def keep_latest(self, session_id: str) -> None:
        """As in every store."""
        latest = "(SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = ?)"
        with self._saver.cursor() as cursor:
            for table in ("checkpoints", "writes"):
                cursor.execute(
                    f"DELETE FROM {table} WHERE thread_id = ? AND checkpoint_id < {latest}",  # noqa: S608 - no input
                    (session_id, session_id),
                )

    def close(self) -> None:
        """Close the file."""
        for connection in self._connections:
            connection.close()


class MemorySessions(SessionStore):
    """This process's memory, for evaluations and trials; a session that is done with is to be erased.

    Earlier states of a session stay until then.
    """

    def __init__(self) -> None:
        self.checkpointer = InMemorySaver(serde=JsonPlusSerializer(allowed_msgpack_modules=[]))
        self.people = InMemoryStore()
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

    def keep_latest(self, session_id: str) -> None:
        """Nothing: they go when the session is erased."""

    def close(self) -> None:
        """Nothing to let go of."""


class _Lock:
    """A lock that goes when nobody holds or waits for it."""

    def __init__(self) -> None:
        self.held = threading.Lock()


class PostgresSessions(SessionStore):
    """A database that many machines share; a lock is freed when the process that holds it dies."""

    def __init__(self, url: str) -> None:
        self._url = url
        with ExitStack() as opened:
            # Turns hold a connection of their own for the lock, so these can't use up the others.
            pool = opened.enter_context(_pool(url))
            self._lock_pool = opened.enter_context(_pool(url))
            with _errors(url):
                self._set_up(pool)
            self._opened = opened.pop_all()

    def _set_up(self, pool: ConnectionPool[Connection[Any]]) -> None:
        from langgraph.checkpoint.postgres import PostgresSaver
        from langgraph.store.postgres import PostgresStore

        serde = JsonPlusSerializer(allowed_msgpack_modules=[])
        self.checkpointer = PostgresSaver(pool, serde=serde)
        self.people = PostgresStore(pool)
        with self.lock(SETUP_LOCK):  # two processes that make the tables at once trip over each other
            self.checkpointer.setup()
            self.people.setup()

    @contextmanager
    def lock(self, name: str, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
        """As in every store."""
        from psycopg.errors import LockNotAvailable

        with _errors(self._url), self._lock_pool.connection() as connection:
            connection.execute(f"SET lock_timeout = {int(wait_seconds * 1000)}")
            try:
                connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", (name,))
            except LockNotAvailable:
                raise _busy(name, wait_seconds) from None
            try:
                yield
            finally:
                connection.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", (name,))

    def keep_latest(self, session_id: str) -> None:
        """As in every store."""
        self.checkpointer.prune([session_id], strategy="keep_latest")

    def close(self) -> None:
        """Close the connections."""
        self._opened.close()


def hide_password(url: str) -> str:
    """A URL without its password.

    >>> hide_password("postgresql://anna:secret@db/shop")
    'postgresql://anna:***@db/shop'
    """
    return re.sub(r"(//[^:/@]+):[^@]*@", r"\1:***@", url)


def _sqlite(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            path, check_same_thread=False, timeout=BUSY_SECONDS, isolation_level=None
        )
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error as error:
        raise WorkspaceError(
            f"cannot use {path} ({error}); move it away to begin with an empty one"
        ) from error
    return connection


@contextmanager
def _pool(url: str) -> Iterator[ConnectionPool[Connection[Any]]]:
    try:
        from psycopg.rows import dict_row
        from psycopg_pool import ConnectionPool
    except ImportError as error:
        raise ConfigError(
            f"{hide_password(url)} needs a package: pip install 'tastemaker[postgres]'"
        ) from error
    settings = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    pool = ConnectionPool(
        url, kwargs=settings, min_size=0, max_size=POOL_SIZE, timeout=CONNECT_SECONDS, open=False
    )
    pool.open()
    try:
        yield pool
    finally:
        pool.close()


@contextmanager
def _errors(url: str) -> Iterator[None]:
    from psycopg import Error
    from psycopg_pool import PoolTimeout

    try:
        yield
    except (PoolTimeout, Error) as error:
        reason = " ".join(str(error).split())[:200]
        raise WorkspaceError(
            f"the session store {hide_password(url)} can't be used ({reason}); is the database running and the"
            " address right?"
        ) from error


def _busy(name: str, seconds: float) -> SessionBusy:
    return SessionBusy(
        f"session {name!r} has been busy with another turn for {seconds:g} s; send it again later"
    )
