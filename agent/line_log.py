"""Files of JSON lines that only grow: whole lines or none, whatever a crash or a full disk did before."""

from __future__ import annotations

import gzip
import json
import logging
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import Any, BinaryIO

from tastemaker.agent.llm.api_keys import redact_values
from tastemaker.retrieval.atomic_write import replace_file, write_atomically
from tastemaker.retrieval.errors import DataError

try:
    import fcntl
except ImportError:  # Windows: a session's own lock has to do
    fcntl = None  # type: ignore[assignment]

logger = logging.getLogger(__name__)

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
    """(number from 1, line) of all whole lines, those first that were compressed; none where there is no file.

    Raises:
        DataError: what was compressed is damaged.
    """
    packed, fresh = _both(path)
    for number, line in enumerate((*packed, *fresh[_overlap(packed, fresh) :]), 1):
        if line.endswith(b"\n"):
            yield number, line.decode("utf-8", "replace")


def _both(path: Path) -> tuple[list[bytes], list[bytes]]:
    """Lines that were compressed, and those that were not yet."""
    fresh = _lines(path)  # first: what is compressed in between is in both then, and not in neither
    return _lines(_packed(path)), fresh


def _overlap(packed: Sequence[bytes], fresh: Sequence[bytes]) -> int:
    """How many of the fresh lines were compressed already, by somebody who was killed before they were removed."""
    for start, line in enumerate(packed):
        if fresh and line == fresh[0] and packed[start:] == fresh[: len(packed) - start]:
            return len(packed) - start
    return 0


def _lines(file: Path) -> list[bytes]:
    """The lines of a file, none where it is not there."""
    opened = gzip.open if file.suffix == ".gz" else open
    try:
        with opened(file, "rb") as lines:
            return lines.readlines()
    except FileNotFoundError:
        return []
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"what was compressed is damaged ({error}); move the file away", file) from error


def compress_lines(path: Path) -> bool:
    """Move a file's lines into its compressed one, behind what is there; whether that was done.

    Who wants to append waits, so that no line gets lost. Killed meanwhile, lines may stand in both files; whoever
    reads or compresses them then takes them once.
    """
    if not path.exists():
        return False
    with _alone(path):
        _sweep(path)
        try:
            packed, fresh = _both(path)
        except DataError as error:  # nothing behind a damaged place would be read again
            logger.warning("%s stays as it is: %s", path, error)
            return False
        whole = [line for line in fresh[_overlap(packed, fresh) :] if line.endswith(b"\n")]
        if whole:
            with replace_file(_packed(path)) as out:
                if packed:
                    out.write(_packed(path).read_bytes())  # members of a gzip file follow one another
                out.write(gzip.compress(b"".join(whole), mtime=0))
        path.unlink()
    return True


def erase_lines(path: Path) -> None:
    """Delete a file of lines, compressed or not, if there is one, and what somebody who was killed left of it."""
    path.unlink(missing_ok=True)
    _packed(path).unlink(missing_ok=True)
    _sweep(path)


def drop_lines(path: Path, drop: Callable[[str], bool]) -> None:
    """Remove lines of a file that is not compressed; killed meanwhile, it is as before or as afterwards."""

    def stays(line: bytes) -> bool:
        return not drop(line.decode("utf-8", "replace"))

    if all(map(stays, _lines(path))) and not any(_leftovers(path)):
        return
    with _alone(path):
        _sweep(path)
        write_atomically(path, b"".join([line for line in _lines(path) if stays(line)]))


def _packed(path: Path) -> Path:
    return path.with_name(path.name + ".gz")


def _leftovers(path: Path) -> Iterator[Path]:
    """Files that somebody who was killed had begun to put in the place of this one, or of its compressed one."""
    yield from path.parent.glob(f".{escape(path.name)}.*")


def _sweep(path: Path) -> None:
    """Remove leftovers: they hold lines that may have to go. Only for whom has the file alone."""
    for file in _leftovers(path):
        file.unlink(missing_ok=True)


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
