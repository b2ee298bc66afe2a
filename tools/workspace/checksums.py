"""SHA-256 of a version's files: what a build made is what is read, and a flipped bit is noticed.

Left out are Chroma's own folder, whose files change while they are only read (the vectors in it stand in a file
of ours as well), and titles of removed items, whose damage costs no more than those.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.tools.workspace.removed_items import REMOVED
from tastemaker.tools.workspace.versions import BUILD_KEY, MANIFEST

SMALL_BYTES = 4 * 1024 * 1024
"""Files up to this size are checked when a workspace is opened, once in a process: a few milliseconds each."""

TEXTS = "index/texts.npy"
NOT_OURS = "index/chroma/"

_checked: set[tuple[str, str]] = set()
_lock = threading.Lock()


def checksums(folder: Path, part: str = "") -> dict[str, str]:
    """Name within ``folder`` -> SHA-256 in hex, of all files in ``part`` of it."""
    names = sorted(
        file.relative_to(folder).as_posix() for file in (folder / part).rglob("*") if file.is_file()
    )
    return {name: _digest(folder / name) for name in names if _is_covered(name)}


def checksum(file: Path) -> str:
    """SHA-256 of one file, in hex."""
    return _digest(file)


def renewed(files: Mapping[str, str], folder: Path, part: str, gone: Iterable[str] = ()) -> dict[str, str]:
    """Checksums after ``part`` was made anew and the folders ``gone`` were removed."""
    return {**without(files, part, *gone), **checksums(folder, part)}


def without(files: Mapping[str, str], *parts: str) -> dict[str, str]:
    """Checksums of all but the files in these folders of the version."""
    beginnings = tuple(f"{part}/" for part in parts)
    return {name: digest for name, digest in files.items() if not name.startswith(beginnings)}


def damage(folder: Path, files: Mapping[str, str], most_bytes: float = float("inf")) -> Iterator[str]:
    """What is wrong with the files of a version that are no larger than ``most_bytes``, a line each."""
    for name, expected in files.items():
        file = folder / name
        try:
            if file.stat().st_size <= most_bytes and _digest(file) != expected:
                yield f"{file} is not what was written there"
        except FileNotFoundError:
            yield f"{file} is missing"
        except OSError as error:
            yield f"{file} cannot be read ({error.strerror})"


def check_small(folder: Path, files: Mapping[str, str]) -> None:
    """Check a version's small files, if this process has not yet.

    Raises:
        WorkspaceError: one was changed or damaged.
    """
    seen = {(str(folder / name), digest) for name, digest in files.items()}
    with _lock:
        fresh = {name: d for name, d in files.items() if (str(folder / name), d) not in _checked}
    # What is missing is told by whoever needs it, and texts.npy is for builds alone.
    served = {name: d for name, d in fresh.items() if name != TEXTS and (folder / name).exists()}
    found = next(damage(folder, served, SMALL_BYTES), None)
    if found:
        raise WorkspaceError(
            f"{found}: it was changed or damaged after the build; run `tastemaker build` again, or bring it back"
            " from a copy (`tastemaker doctor --deep` checks all files)"
        )
    with _lock:
        _checked.update(seen)


def _is_covered(name: str) -> bool:
    return (
        name not in (MANIFEST, BUILD_KEY, REMOVED)
        and not name.startswith(NOT_OURS)
        and "/." not in f"/{name}"
    )


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
