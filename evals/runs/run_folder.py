"""One system on one set of cases, as a folder: what was run, and a line per case.

``run.json`` tells what was measured and how; ``rows.jsonl`` grows by a line per case and is
forced to disk each time, so that a run that was killed goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock, Timeout

from tastemaker.evals.runs.git_state import code_sha256, git_commit
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.errors import DataError, WorkspaceError

_log = logging.getLogger(__name__)
FORMAT = "tastemaker-run"
VERSIONED = ("tastemaker", "torch", "chromadb", "sentence-transformers", "langchain", "openai", "numpy")
IDENTITY = ("kind", "system", "data", "parameters", "prompts", "seed")
"""What two runs must agree in to be one."""

Head = dict[str, Any]
Row = dict[str, Any]


def run_head(
    kind: str,
    system: str,
    *,
    data: Mapping[str, Any],
    parameters: Mapping[str, Any],
    prompts: Mapping[str, str] | None = None,
    seed: int = 0,
    command: str = "",
) -> Head:
    """What ``run.json`` holds.

    Args:
        kind: which evaluation, such as ``dialogues``.
        system: what is measured.
        data: name, hash and size of what it is measured on.
        parameters: everything that may change a result: model, effort, options.
        prompts: file name -> sha256 of each prompt in use.
        seed: of sampling and intervals.
        command: what starts the run again.
    """
    return {
        "format": FORMAT,
        "kind": kind,
        "system": system,
        "data": dict(data),
        "parameters": dict(parameters),
        "prompts": dict(prompts or {}),
        "seed": seed,
        "command": command,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": git_commit(),
        "code": code_sha256(),
        "versions": {name: _version(name) for name in VERSIONED},
    }


class RunFolder:
    """A run that is being made; one process at a time.

    ``done`` are the ids of the cases that have a row. Rows may be appended from several threads.
    """

    def __init__(self, path: Path, head: Head, lock: FileLock) -> None:
        self.path = path
        self.head = head
        self._lock = lock
        rows, whole = _rows(path / "rows.jsonl")
        self.done = {str(row["case"]) for row in rows}
        self._file = (path / "rows.jsonl").open("ab")
        self._file.truncate(whole)  # a line that a kill tore apart is asked again
        self._writing = threading.Lock()

    @classmethod
    def open(cls, path: Path | str, head: Head) -> Self:
        """Begin a run, or go on with the same one.

        Raises:
            WorkspaceError: the folder holds another run or something else, or another process is at work in it.
            DataError: its rows cannot be read.
        """
        path = Path(path)
        path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise WorkspaceError(
                f"another process is at work on the run {path}; wait, or choose another --out"
            ) from None
        try:
            return cls(path, _settle(path, head), lock)
        except BaseException:
            lock.release()
            raise

    def append(self, row: Row) -> None:
        """Add a case's row; it is on disk when this returns.

        Raises:
            DataError: the case has a row already.
        """
        line = json.dumps(row, ensure_ascii=False, allow_nan=False, default=str)
        with self._writing:
            if row["case"] in self.done:
                raise DataError(f"case {row['case']!r} was run already", self.path)
            self._file.write(line.encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self.done.add(row["case"])

    def close(self) -> None:
        """Let go of the folder."""
        self._file.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def is_finished(path: Path, head: Head, cases: Iterable[str]) -> bool:
    """Whether a run lies there already and has a row of every case.

    Raises:
        WorkspaceError, DataError: as :meth:`RunFolder.open`.
    """
    if not (path / "run.json").is_file():
        return False
    with RunFolder.open(path, head) as run:
        return run.done.issuperset(cases)


def read_run(path: Path | str) -> tuple[Head, list[Row]]:
    """Head and rows of a run, the rows in order of their cases' ids.

    Raises:
        DataError: no run there, or one that cannot be read.
    """
    path = Path(path)
    head = _head(path)
    if head is None:
        raise DataError("no run there; give a folder with run.json, such as OUT/SYSTEM", path)
    rows, _ = _rows(path / "rows.jsonl")
    return head, sorted(rows, key=lambda row: str(row["case"]))


def runs_in(folder: Path | str) -> list[Path]:
    """The runs in a folder: itself, or those right below it.

    Raises:
        DataError: there are none.
    """
    folder = Path(folder)
    found = [path.parent for path in sorted(folder.glob("run.json")) or sorted(folder.glob("*/run.json"))]
    if not found:
        raise DataError("no runs there; give what `tastemaker eval ... --out` wrote", folder)
    return found


def folder_name(system: str) -> str:
    """What a system's run folder is called.

    >>> folder_name("their_bot:answer")
    'their_bot-answer'
    """
    return "".join(c if c.isalnum() or c in "-._" else "-" for c in system)


def file_sha256(path: Path) -> str:
    """Hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settle(path: Path, head: Head) -> Head:
    """The head of the run that lies there, if it is the same run; else the new one, written."""
    old = _head(path)
    if old is None:
        if any(p.name not in (".lock",) for p in path.iterdir()):
            raise WorkspaceError(f"{path} is not empty and holds no run; choose another --out")
        write_atomically(path / "run.json", (json.dumps(head, indent=1, ensure_ascii=False) + "\n").encode())
        return head
    fresh = json.loads(json.dumps(head))
    for name in IDENTITY:
        if old.get(name) != fresh[name]:
            raise WorkspaceError(
                f"{path} holds another run: its {name} is {json.dumps(old.get(name))[:200]}, this one's "
                f"{json.dumps(fresh[name])[:200]}; choose another --out, or delete that folder"
            )
    if old.get("code") != fresh["code"] and (rows := _rows(path / "rows.jsonl")[0]):
        _warn_of_other_code(path, len(rows), str(old.get("commit")), str(fresh["commit"]))
    return old


@cache
def _warn_of_other_code(path: Path, rows: int, old: str, new: str) -> None:
    _log.warning(
        "%s keeps %d rows that other code made (commit %s, now %s); delete that folder, or choose another --out, "
        "to measure this code",
        path,
        rows,
        old,
        new,
    )


def _head(path: Path) -> Head | None:
    file = path / "run.json"
    if not file.is_file():
        return None
    try:
        head: Head = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"not JSON: {error}", file) from None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise DataError(f"not a run of this version: no format {FORMAT!r}", file)
    return head


def _rows(path: Path) -> tuple[list[Row], int]:
    """The rows, and the bytes that they take; what follows the last line's end was torn."""
    content = path.read_bytes() if path.exists() else b""
    whole = content.rfind(b"\n") + 1
    rows = []
    for number, line in enumerate(content[:whole].splitlines(), 1):
        try:
            row = json.loads(line)
            rows.append({**row, "case": str(row["case"])})
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"not a row: {error!r}; delete the line and run again", path, line=number
            ) from None
    return rows, whole


def _version(name: str) -> str:
    with suppress(metadata.PackageNotFoundError):
        return metadata.version(name)
    return "not installed"
