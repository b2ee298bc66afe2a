"""The trace of a session: its events as JSON lines, one file per session."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from tastemaker.agent.events import EVENTS, Done, Event
from tastemaker.agent.line_log import append_lines, erase_lines, read_lines
from tastemaker.retrieval.errors import DataError

logger = logging.getLogger(__name__)


class Trace:
    """Appends events to ``<folder>/<session>.jsonl``; each line has the turn number and the time (UTC)."""

    def __init__(self, folder: Path, session_id: str) -> None:
        self.path = folder / f"{session_id}.jsonl"

    def write(self, turn: int, event: BaseModel) -> None:
        """Append one event, as a whole line; one that the disk has no room for is lost, and a warning logged."""
        self.append([self.record(turn, event)])

    def append(self, records: Sequence[dict[str, Any]]) -> None:
        """Append the lines of events, all or none, as :meth:`write` does."""
        try:
            append_lines(self.path, records)
        except OSError as error:  # the turn matters more than its record
            logger.warning("an event of %s is not written down: %s", self.path, error.strerror)

    @contextmanager
    def turn(self, number: int, *, at_once: bool) -> Iterator[TurnTrace]:
        """The trace of one turn: what was seen of it is written down however it ends.

        Args:
            number: of the turn.
            at_once: whether each event is written as it comes, as for turns that wait for a model; else together
                with the last, before anybody hears of that.
        """
        trace = TurnTrace(self, number, at_once=at_once)
        try:
            yield trace
        finally:
            trace.flush()

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


class TurnTrace:
    """Writes the events of one turn; see :meth:`Trace.turn`."""

    def __init__(self, trace: Trace, number: int, *, at_once: bool) -> None:
        self._trace, self._number, self._at_once = trace, number, at_once
        self._waiting: list[dict[str, Any]] = []

    def write(self, event: BaseModel) -> None:
        """Keep an event, and write down all that wait where it should not wait itself."""
        self._waiting.append(self._trace.record(self._number, event))
        if self._at_once or isinstance(event, Done):
            self.flush()

    def flush(self) -> None:
        """Write down what waits."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._trace.append(waiting)


class NoTrace(Trace):
    """Writes nothing: for sessions in memory."""

    def append(self, records: Sequence[dict[str, Any]]) -> None:
        """Let them go."""

    def erase(self) -> None:
        """There is none."""
