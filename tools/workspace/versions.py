"""The versions of a workspace: each build fills a folder of its own, and one small file says which is current.

A build is published by replacing that file, which is one step for everybody: whoever opens the
workspace gets the version before or the one after, whole. What use makes (conversations, traces,
feedback, evaluations) lies beside the versions and is never moved. Whoever has a version open holds
a shared lock on its folder, and a build removes no folder that is held.
"""

from __future__ import annotations

import os
import shutil
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.errors import WorkspaceError

try:
    import fcntl
except ImportError:  # Windows removes no file that is open, so that nothing needs to be held there
    fcntl = None  # type: ignore[assignment]

POINTER, VERSIONS, LOCK = "current", "versions", "build.lock"
BUILD_KEY = "key"
"""In a version that is being made: the hash of its build's inputs, so that the same build goes on with it."""

UNFINISHED_POINTER = f".{POINTER}."
"""How the name of a pointer begins that a killed build had not put in place yet."""

OLD_LAYOUT = "."
"""In place of a version's name: the files of a build lie in the workspace itself, as before there were versions."""

MANIFEST, CATALOG, LOG, ASKS = "manifest.json", "catalog.jsonl", "interactions.parquet", "asks.jsonl"
BUILT = (
    CATALOG,
    LOG,
    ASKS,
    "index",
    "recommenders",
    "conversation",
    "near-duplicates.json",
    MANIFEST,
)
"""What a build of the old layout left in the workspace itself."""

MADE_BY_USE = (
    "sessions.sqlite-wal",
    "sessions.sqlite-shm",
    "sessions.sqlite",
    "sessions.locks",
    "traces",
    "feedback",
    "events",
    "enrichment",
    "evals",
)
"""What lies beside the versions; a database's journal comes before it, where they are brought together."""

OPENING_ATTEMPTS = 100
OPENING_PAUSE_SECONDS = 0.02

Say = Callable[[str], None]


class Hold:
    """A shared lock on a version's folder; it ends with the object, or with the process."""

    def __init__(self, descriptor: int) -> None:
        self._finalizer = weakref.finalize(self, os.close, descriptor)


@dataclass(frozen=True)
class Version:
    """What one build made.

    Attributes:
        folder: where its files are.
        hold: keeps them there; None where the file system knows no locks.
    """

    folder: Path
    hold: Hold | None = None


def is_workspace(path: Path) -> bool:
    """Whether a build was finished here, by this version or an older one."""
    return current_folder(path) is not None


def current_folder(path: Path) -> Path | None:
    """The folder of the current version; None where no build was finished."""
    name = _current(path)
    return _folder(path, name) if name else None


def open_version(path: Path) -> Version | None:
    """The current version, held so that no build removes it; None where no build was finished."""
    for _ in range(OPENING_ATTEMPTS):
        name = _current(path)
        if name is None:
            return None
        folder = _folder(path, name)
        try:
            hold = _hold(folder)
        except OSError:  # it was replaced and is being removed just now
            hold = None
        else:
            if _current(path) == name:
                return Version(folder, hold)
        if _current(path) == name:
            return None if not folder.exists() else Version(folder)
        time.sleep(OPENING_PAUSE_SECONDS)
    return None


def claim(path: Path) -> None:
    """Make the folder of a workspace, or make sure that it is one.

    Raises:
        WorkspaceError: something else is there.
    """
    if path.exists() and not path.is_dir():
        raise WorkspaceError(f"{path} is a file; choose another --workspace, or move it away")
    if path.exists() and not is_workspace(path) and not all(map(_is_ours, path.iterdir())):
        raise WorkspaceError(
            f"{path} exists and is no workspace; choose another --workspace, or move it away"
        )
    path.mkdir(parents=True, exist_ok=True)


def staging_folder(path: Path, key: str) -> Path:
    """The folder of the version to make: the one that the same build left unfinished, or a new one.

    Versions that are neither current nor open anywhere are removed first.
    """
    for file in path.glob(f"{UNFINISHED_POINTER}*"):
        file.unlink(missing_ok=True)
    current = _current(path)
    if current is not None:
        (_folder(path, current) / BUILD_KEY).unlink(missing_ok=True)  # of a build killed when it was done
    unfinished = None
    numbers = [int(current)] if current and current != OLD_LAYOUT else []
    for folder in _versions(path):
        if folder.name == current:
            continue
        if _key(folder) == key:
            unfinished = folder
            continue
        _remove(folder)
        numbers += [int(folder.name)] if folder.exists() else []
    if current not in (None, OLD_LAYOUT) and _is_old_layout(path):
        _remove_old_layout(path)
    if unfinished is not None:
        return unfinished
    folder = path / VERSIONS / str(max(numbers, default=0) + 1)
    folder.mkdir(parents=True)
    (folder / BUILD_KEY).write_text(key, encoding="utf-8")
    return folder


def publish(path: Path, folder: Path) -> None:
    """Make a finished version the current one, in one step; the one before stays until the next build."""
    _flush(folder)
    write_atomically(path / POINTER, folder.name.encode() + b"\n")
    (folder / BUILD_KEY).unlink(missing_ok=True)


def bring_home(path: Path, say: Say = lambda _: None) -> None:
    """Take back conversations that a build of an older version, killed between its renames, left beside."""
    aside = path.with_name(f".{path.name}.old")
    if aside.is_dir():
        for name in MADE_BY_USE:
            _move(aside / name, path / name)
        left = [name for name in MADE_BY_USE if (aside / name).exists()]
        if left:
            say(f"{aside} holds older {', '.join(left)} of an interrupted build; they stay there untouched")
        else:
            shutil.rmtree(aside, ignore_errors=True)
    unfinished = path.with_name(f".{path.name}.building")
    if (unfinished / BUILD_KEY).exists():
        shutil.rmtree(unfinished, ignore_errors=True)


def _is_ours(file: Path) -> bool:
    return file.name in (POINTER, VERSIONS, LOCK, *MADE_BY_USE) or file.name.startswith(UNFINISHED_POINTER)


def _current(path: Path) -> str | None:
    try:
        name = (path / POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return OLD_LAYOUT if _is_old_layout(path) else None
    except (OSError, ValueError):
        return None
    return name if name.isdecimal() and name.isascii() else None


def _is_old_layout(path: Path) -> bool:
    return (path / MANIFEST).exists() and (path / CATALOG).exists()


def _folder(path: Path, name: str) -> Path:
    return path if name == OLD_LAYOUT else path / VERSIONS / name


def version_folders(path: Path) -> list[Path]:
    """All folders with a build's files: the current version, the one before, one that was not finished."""
    return [*([path] if _is_old_layout(path) else []), *_versions(path)]


def _versions(path: Path) -> list[Path]:
    with suppress(FileNotFoundError):
        return [one for one in (path / VERSIONS).iterdir() if one.name.isdecimal() and one.name.isascii()]
    return []


def _key(folder: Path) -> str | None:
    try:
        return (folder / BUILD_KEY).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def _hold(folder: Path) -> Hold | None:
    """A shared lock on a folder; None where there are no locks.

    Raises:
        BlockingIOError: it is being removed.
        FileNotFoundError: it was removed.
    """
    if fcntl is None:
        return None
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise
    except OSError:  # such as some network file systems
        os.close(descriptor)
        return None
    return Hold(descriptor)


@contextmanager
def _is_held_by_nobody(folder: Path) -> Iterator[bool]:
    """Whether nobody has the version open; nobody opens it within the block."""
    if fcntl is None:
        yield True
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        except OSError:
            yield True
        else:
            yield True
    finally:
        os.close(descriptor)


def _remove(folder: Path) -> None:
    with _is_held_by_nobody(folder) as free:
        if free:
            shutil.rmtree(folder, ignore_errors=True)


def _remove_old_layout(path: Path) -> None:
    with _is_held_by_nobody(path) as free:
        if not free:
            return
        for name in BUILT:  # the manifest last: a removal that is killed goes on at the next build
            if name not in (MANIFEST, CATALOG):
                shutil.rmtree(path / name, ignore_errors=True)
                with suppress(OSError):
                    (path / name).unlink()
        (path / CATALOG).unlink(missing_ok=True)
        (path / MANIFEST).unlink(missing_ok=True)


def _move(source: Path, target: Path) -> None:
    """Move a file, or a folder's files one by one; what is there already stays on both sides."""
    if not source.exists():
        return
    if not target.exists():
        source.rename(target)
    elif source.is_dir() and target.is_dir():
        for one in source.iterdir():
            _move(one, target / one.name)
        with suppress(OSError):
            source.rmdir()


def _flush(folder: Path) -> None:
    """Have the file system write what it holds back, so that a power cut leaves no pointer to half a version."""
    for place, _, names in os.walk(folder):
        for name in names:
            descriptor = os.open(Path(place) / name, os.O_RDONLY)
            try:
                with suppress(OSError):
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
