"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replace_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write; when the block ends well it is on disk and takes the place of ``path``.

    It has the permissions of any new file, as the process's umask says.

    Raises:
        OSError: it could not be written; its ``filename`` is ``path``, which those of a full disk leave out.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with fresh.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        if error.filename in (None, str(fresh)):
            error.filename = str(path)
        raise
    finally:
        fresh.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file under a temporary name beside it, then put it in place."""
    with replace_file(path) as file:
        file.write(content)


@contextmanager
def replace_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder to fill; when the block ends well it takes the place of ``folder``.

    An old folder is moved aside first and removed last, so a crash loses neither version.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    fresh, old = work / "fresh", work / "old"
    fresh.mkdir()
    try:
        yield fresh
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
    finally:
        if old.exists() and not folder.exists():
            old.rename(folder)
        shutil.rmtree(work)
