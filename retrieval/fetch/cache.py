"""The cache folder: where fetched data and models live, and how two processes share it.

Everything in it can be deleted at any time and is fetched again when next needed.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from tastemaker.retrieval.errors import SourceError

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0
"""How long a lock is waited for in silence."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def cache_folder() -> Path:
    """``$TASTEMAKER_CACHE`` where set, else the user's cache folder of this system."""
    chosen = os.environ.get("TASTEMAKER_CACHE")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return Path(platformdirs.user_cache_dir("tastemaker", appauthor=False))


def lock_file(name: str) -> Path:
    """The file behind :func:`hold_lock`."""
    return cache_folder() / "locks" / f"{name}.lock"


@contextmanager
def hold_lock(name: str) -> Iterator[None]:
    """Hold the lock of one name against every other process that uses this cache folder.

    Not to be nested under the same name. Freed by the system if the process dies.

    Raises:
        SourceError: the cache folder cannot be written.
    """
    file = lock_file(name)
    with disk_errors(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(file)
        try:
            lock.acquire(timeout=PATIENCE_SECONDS)
        except Timeout:
            logger.warning("waiting for another process that is busy with %s", name)
            lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """An empty folder on the cache's disk, gone afterwards; hold the lock of ``name`` around it.

    The name is fixed so that what a killed process left behind is swept by the next one.
    """
    folder = cache_folder() / "tmp" / name
    shutil.rmtree(folder, ignore_errors=True)
    with disk_errors(folder):
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn a full or forbidden disk into one line that says what to do.

    Raises:
        SourceError: in place of the ``OSError``; any other ``OSError`` passes unchanged.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise SourceError(f"no space left in {folder}; free some or set TASTEMAKER_CACHE") from error
        if error.errno in FORBIDDEN:
            reason = (error.strerror or "not allowed").lower()
            raise SourceError(f"cannot write in {folder} ({reason}); set TASTEMAKER_CACHE") from error
        raise


def need_space(folder: Path, n_bytes: int) -> None:
    """Make sure that so many bytes fit on the disk of ``folder``, which need not exist yet.

    Raises:
        SourceError: they do not.
    """
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    if free < n_bytes:
        wanted, left = human_bytes(n_bytes), human_bytes(free)
        raise SourceError(f"needs {wanted}, {left} free at {folder}; free some or set TASTEMAKER_CACHE")


def human_bytes(n_bytes: int) -> str:
    """A size for a person, in powers of ten as disks are sold.

    >>> human_bytes(2_400_000_000), human_bytes(83_506_384), human_bytes(120)
    ('2.4 GB', '83.5 MB', '120 bytes')
    """
    for unit, scale in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if n_bytes >= scale:
            return f"{n_bytes / scale:.1f} {unit}"
    return f"{n_bytes} bytes"


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify_file(path: Path, sha256: str) -> None:
    """Delete a file whose content is not what it should be.

    Raises:
        SourceError: it was not; the file is gone.
    """
    found = file_sha256(path)
    if found != sha256:
        path.unlink()
        raise SourceError(f"refused: sha256 is {found[:12]}..., should be {sha256[:12]}...")
