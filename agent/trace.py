"""The trace of a session: its events as JSON lines, one file per session."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from tastemaker.agent.events import EVENTS, Event
from tastemaker.agent.line_log import append_lines, erase_lines, read_lines
from tastemaker.retrieval.errors import DataError

logger = logging.getLogger(__name__)


class Trace:
    """Appends events to ``<folder>/<session>.jsonl``; each line has the turn number and the time (UTC)."""

    def __init__(self, folder: Path, session_id: str) -> None:
        self.path = folder / f"{session_id}.jsonl"

    def write(self, turn: int, event: BaseModel) -> None:
        """Append one event, as a whole line; one that the disk has no room for is lost, and a warning logged."""
        try:
            append_lines(self.path, [self.record(turn, event)])
        except OSError as error:  # the turn matters more than its record
            logger.warning("an event of %s is not written down: %s", self.path, error.strerror)

    def record(self, turn: int, event: BaseModel) -> dict[str, Any]:
        """The line of one event."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        return {"turn": turn, "at": at, **event.model_dump(mode="json")}

    def read(self) -> Iterator[tuple[int, Event]]:
        """(turn, event) in order; nothing where the session has no trace yet.

        Raises:
            DataError: a line is no event.
        """
        for number, line in read_lines(self.path):
            try:
                record = json.loads(line)
                yield record["turn"], EVENTS.validate_python(record)
            except (ValueError, KeyError, TypeError) as error:
                raise DataError(
                    f"not an event ({type(error).__name__}); take the line out and read the trace again",
                    self.path,
                    number,
                ) from None

    def erase(self) -> None:
        """Delete the file, if there is one."""
        erase_lines(self.path)


class NoTrace(Trace):
    """Writes nothing: for sessions in memory."""

    def write(self, turn: int, event: BaseModel) -> None:
        """Let it go."""

    def erase(self) -> None:
        """There is none."""
