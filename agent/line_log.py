"""Files of JSON lines that only grow: whole lines or none, whatever a crash or a full disk did before."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from tastemaker.agent.llm.api_keys import redact_values
from tastemaker.retrieval.atomic_write import write_atomically

try:
    import fcntl
except ImportError:  # Windows: a session's own lock has to do
    fcntl = None  # type: ignore[assignment]

LONGEST_TAIL = 1 << 16
"""How much of a file's end is read at a time to find where its last whole line ends."""


def append_lines(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Append records, one a line, all or none; half a line that a crash left at the end is cut off first.

    No secret of this process's environment goes into them, whoever wrote it into a record.
    Half of a surrogate pair, which UTF-8 can't hold, is kept as JSON's escape for it.

    Raises:
        OSError: they could not be written, such as on a full disk; the file is as it was.
    """
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    lines = redact_values(lines)
    with _alone(path) as file:
        before = _cut_torn_line(file)
        try:
            _write_all(file, lines.encode("utf-8", "backslashreplace"))
        except OSError:
            os.ftruncate(file.fileno(), before)
            raise


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(number from 1, line) of all whole lines, those first that were compressed; none where there is no file."""
    number = 0
    for file in (path.with_name(path.name + ".gz"), path):
        if file.exists():
            for line in _lines(file):
                number += 1
                if line.endswith("\n"):
                    yield number, line


def _lines(file: Path) -> Iterator[str]:
    # A message may hold other ends of lines.
    if file.suffix == ".gz":
        with gzip.open(file, "rt", encoding="utf-8", errors="replace", newline="\n") as lines:
            yield from lines
    else:
        with file.open(encoding="utf-8", errors="replace", newline="\n") as lines:
            yield from lines


def erase_lines(path: Path) -> None:
    """Delete a file of lines, compressed or not, if there is one."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".gz").unlink(missing_ok=True)


def drop_lines(path: Path, drop: Callable[[str], bool]) -> None:
    """Remove lines of a file that is not compressed; killed meanwhile, it is as before or as afterwards."""
    if not any(drop(line) for line in _lines(path)):
        return
    with _alone(path):
        kept = "".join(line for line in _lines(path) if not drop(line))
        write_atomically(path, kept.encode("utf-8", "backslashreplace"))


@contextmanager
def _alone(path: Path) -> Iterator[BinaryIO]:
    """A file to append to that nobody else changes meanwhile, made if there is none."""
    while True:
        with _open(path) as file:
            if fcntl:
                fcntl.flock(file, fcntl.LOCK_EX)
            if not _was_replaced(file, path):
                yield file
                return


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("ab+", buffering=0)
    except FileNotFoundError:  # only the first line of all has to make the folder
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab+", buffering=0)


def _was_replaced(file: BinaryIO, path: Path) -> bool:
    """Whether another file has taken the place of an open one, while that was waited for."""
    try:
        return not os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return True


def _write_all(file: BinaryIO, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]


def _cut_torn_line(file: BinaryIO) -> int:
    """Cut off what follows the last end of a line; returns the size then."""
    size = end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - LONGEST_TAIL)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            end = start + found + 1
            break
        end = start
    if end < size:
        os.ftruncate(file.fileno(), end)
    return end
