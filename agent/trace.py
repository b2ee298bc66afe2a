"""The trace of a session: its events as JSON lines, one file per session."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel

from tastemaker.agent.events import EVENTS, Event


class Trace:
    """Appends events to ``<folder>/<session>.jsonl``; each line has the turn number and the time (UTC)."""

    def __init__(self, folder: Path, session_id: str) -> None:
        self.path = folder / f"{session_id}.jsonl"

    def write(self, turn: int, event: BaseModel) -> None:
        """Append one event. A line goes out in one write, so that readers never see half of it."""
        record = {"turn": turn, "at": datetime.now(UTC).isoformat(timespec="milliseconds")}
        record |= event.model_dump(mode="json")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def read(self) -> Iterator[tuple[int, Event]]:
        """(turn, event) in order; nothing where the session has no trace yet."""
        if self.path.exists():
            with self.path.open(encoding="utf-8") as file:
                for line in file:
                    record = json.loads(line)
                    yield record["turn"], EVENTS.validate_python(record)

    def erase(self) -> None:
        """Delete the file, if there is one."""
        self.path.unlink(missing_ok=True)


class NoTrace(Trace):
    """Writes nothing: for sessions in memory."""

    def write(self, turn: int, event: BaseModel) -> None:
        """Let it go."""

    def erase(self) -> None:
        """There is none."""
