"""What people did as a site reports it: a file of JSON lines a day, in a form that a build reads."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tastemaker.agent.line_log import append_lines, drop_lines, read_lines

FOLDER = "events"
Record = Mapping[str, Any]


def append_events(home: Path, records: Iterable[Record]) -> None:
    """Append events, all or none; each has at least a ``user``. Raises OSError where they can't be written."""
    append_lines(home / FOLDER / f"{datetime.now(UTC):%Y-%m-%d}.jsonl", records)


def events_of_users(home: Path, users: Collection[str]) -> Iterator[Record]:
    """The events of some users, the oldest first."""
    for file in _files(home):
        yield from (record for _, line in read_lines(file) if (record := _of(line, users)) is not None)


def erase_events(home: Path, users: Collection[str]) -> None:
    """Remove the events of some users."""
    for file in _files(home):
        drop_lines(file, lambda line: _of(line, users) is not None)


def _files(home: Path) -> list[Path]:
    return sorted(file for file in (home / FOLDER).glob("*.jsonl") if file.is_file())


def _of(line: str, users: Collection[str]) -> Record | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and record.get("user") in users else None
