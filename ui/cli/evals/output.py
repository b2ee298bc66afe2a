"""What every ``eval`` command does with a report: files, JSON, and a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tastemaker.ui.cli.console import TableSection, draw_sections, say
from tastemaker.ui.cli.shell_command import shell_command

if TYPE_CHECKING:
    from tastemaker.evals import RunOptions


class EvalReport(Protocol):
    """What the functions of :mod:`tastemaker.evals` give."""

    def summary(self) -> Sequence[TableSection]:
        """The main figures."""

    def table(self) -> str:
        """The same as text."""

    def figures(self) -> dict[str, Any]:
        """All figures."""

    def write_reports(self, folder: Path | str) -> None:
        """Write report.md and report.html."""


def split_names(names: str) -> list[str]:
    """``a, b`` as a list."""
    return [name.strip() for name in names.split(",") if name.strip()]


def run_options(workers: int, ray: str | None, out: Path | None, quiet: bool) -> RunOptions:
    """The options of a run that this command line starts."""
    from tastemaker.evals import RunOptions

    return RunOptions(workers, ray, out, progress=not quiet, command=shell_command(), say=say)


def print_report(report: EvalReport, out: Path | None, json_file: Path | None) -> None:
    """Write the reports and the JSON that were asked for, and print the table."""
    from tastemaker.retrieval.atomic_write import write_atomically

    if out:
        report.write_reports(out)
    if json_file:
        write_atomically(json_file, (json.dumps(report.figures(), indent=1) + "\n").encode())
    draw_sections(report.summary(), report.table())
    if out:
        say(f"report: {out / 'report.html'}")
