"""Progress bars on standard error; where nobody looks on, only the last state is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class Bar:
    """One bar, to be moved on."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task

    def advance(self, n: int = 1, note: str | None = None) -> None:
        """Move on; a note stands behind the bar until the next one."""
        if note is None:
            self._progress.update(self._task, advance=n)
        else:
            self._progress.update(self._task, advance=n, note=note)


@contextmanager
def progress_bar(total: int, what: str, unit: str, *, done: int = 0, show: bool = True) -> Iterator[Bar]:
    """A bar while the block runs.

    Args:
        total: how many there are.
        what: stands before the bar.
        unit: stands behind the count.
        done: how many were done before.
        show: False for a bar that nobody sees.
    """
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}", markup=False),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not show) as progress:
        yield Bar(progress, progress.add_task(what, total=total, completed=done, unit=unit, note=""))
