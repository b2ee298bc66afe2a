"""How long conversations and their records are kept: removed by age and size, compressed when they rest."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tastemaker.agent.memory.session_store import SessionStore
from tastemaker.retrieval.errors import ConfigError, DiskFull, QueryError, SessionBusy
from tastemaker.retrieval.unwritable import is_full

SETTINGS = "retention.toml"
COMPRESSED = ".jsonl.gz"
KINDS = (".jsonl", COMPRESSED)
LONGEST_DAYS = 36_500


class Retention(BaseModel):
    """What is kept; None keeps everything.

    Attributes:
        days: conversations that nobody went on with for so long are removed, with their records.
        megabytes: of records (traces and feedback); the conversations that rested longest go first.
        compress_days: records that nobody added to for so long are compressed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: float | None = Field(default=None, ge=0, le=LONGEST_DAYS)
    megabytes: float | None = Field(default=None, ge=0)
    compress_days: float | None = Field(default=7, ge=0, le=LONGEST_DAYS)

    @classmethod
    def read(cls, home: Path) -> Retention:
        """The settings in ``retention.toml`` of a workspace or home; those by default where there is none.

        Raises:
            ConfigError: it is malformed.
        """
        file = home / SETTINGS
        try:
            return cls.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError) as error:  # both readers' errors are ValueErrors
            told = f"{error.error_count()} faults" if isinstance(error, ValidationError) else error
            raise ConfigError(
                f"{file} is malformed ({told}); it may set days, megabytes and compress_days, each a number"
            ) from error


class Pruned(NamedTuple):
    """What was done: conversations removed, records compressed, bytes of records before and after."""

    removed: int
    compressed: int
    bytes_before: int
    bytes_after: int


class _Record(NamedTuple):
    session: str
    file: Path
    bytes: int
    changed: float


def prune(
    store: SessionStore,
    folders: tuple[Path, ...],
    keep: Retention,
    erase: Callable[[str], None],
    compress: Callable[[Path], bool],
    now: datetime | None = None,
) -> Pruned:
    """Remove and compress what is due. A conversation that is going on just now is left for the next time.

    Compressing needs room before it gives any: on a full disk it is left, and what is due to be removed still goes.

    Args:
        store: of the conversations.
        folders: of their records, one file of JSON lines each.
        keep: for how long, and how much.
        erase: removes one conversation with its records.
        compress: compresses a file of records; False where there was nothing to do.
        now: the time; the clock's unless given.

    Raises:
        DiskFull: there was no room for some of it; all else is done, as it says.
    """
    moment = now or datetime.now(UTC)
    before = _bytes(_records(folders))
    due: dict[str, None] = {}
    if keep.days is not None:
        oldest = moment - timedelta(days=keep.days)
        due |= dict.fromkeys(store.idle_since(oldest))
        known = set(store.idle_since(moment + timedelta(days=1)))
        due |= {
            one.session: None
            for one in _records(folders)
            if one.changed < oldest.timestamp() and one.session not in known  # records whose session is gone
        }
    removed = compressed = 0
    full: list[DiskFull] = []
    with _note(full):
        for session in due:
            removed += _erase(session, erase)
    if keep.compress_days is not None:
        with _note(full):
            for _ in _compressing(store, folders, keep.compress_days, moment, compress):
                compressed += 1
    if keep.megabytes is not None:
        with _note(full):
            for _ in _fitting(folders, keep.megabytes * 2**20, erase):
                removed += 1
    with _note(full):
        store.give_back_space()
    if full:
        raise DiskFull(
            f"{full[0]} and run this again: it removed {removed:,} conversations and compressed {compressed:,} records"
        )
    return Pruned(removed, compressed, before, _bytes(_records(folders)))


@contextmanager
def _note(full: list[DiskFull]) -> Iterator[None]:
    """Go on behind the block where it found no room."""
    try:
        yield
    except DiskFull as error:
        full.append(error)


def _records(folders: tuple[Path, ...]) -> Iterator[_Record]:
    for folder in folders:
        for file in folder.glob("*.jsonl*"):
            session, dot, ending = file.name.partition(".")
            if f"{dot}{ending}" in KINDS:
                with suppress(FileNotFoundError):  # it was compressed or erased by somebody else just now
                    told = file.stat()
                    yield _Record(session, file, told.st_size, told.st_mtime)


def _bytes(records: Iterator[_Record]) -> int:
    return sum(one.bytes for one in records)


def _erase(session: str, erase: Callable[[str], None]) -> bool:
    try:
        erase(session)
    except (SessionBusy, QueryError):  # it goes on just now, or the file's name is no session's
        return False
    return True


def _fitting(folders: tuple[Path, ...], most: float, erase: Callable[[str], None]) -> Iterator[str]:
    """Remove conversations, those whose records changed longest ago first, until the rest fits; gives each."""
    latest: dict[str, float] = {}
    size: dict[str, int] = {}
    for one in _records(folders):
        latest[one.session] = max(one.changed, latest.get(one.session, 0.0))
        size[one.session] = one.bytes + size.get(one.session, 0)
    left = sum(size.values())
    for session in sorted(latest, key=latest.__getitem__):
        if left <= most:
            break
        if _erase(session, erase):
            left -= size[session]
            yield session


def _compressing(
    store: SessionStore,
    folders: tuple[Path, ...],
    days: float,
    moment: datetime,
    compress: Callable[[Path], bool],
) -> Iterator[Path]:
    """Compress records that rested for so many days; gives each."""
    oldest = (moment - timedelta(days=days)).timestamp()
    for one in list(_records(folders)):
        if one.file.name.endswith(COMPRESSED) or one.changed >= oldest:
            continue
        try:
            with store.lock(one.session, 0.0):
                if compress(one.file):
                    yield one.file
        except SessionBusy:
            continue
        except OSError as error:
            if not is_full(error):
                raise
            raise DiskFull(f"no room to compress {one.file} ({error.strerror}); free some space") from error
