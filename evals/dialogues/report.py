"""What a report on logged dialogues tells beside that of other runs: what was learned from, and whether that leaks."""

from __future__ import annotations

from collections.abc import Iterator

from tastemaker.evals.dialogues.lessons import describe_learning
from tastemaker.evals.reports.run_report import KindReport, main_sections
from tastemaker.evals.reports.sections import Runs, Section


def learning_sections(runs: Runs) -> Iterator[Section]:
    """How each run learned and what the leak check found; runs that did alike share a line."""
    told: dict[str, list[str]] = {}
    for name, head in runs.heads.items():
        if how := head["data"].get("learning"):
            checked = head["data"].get("leak_check")
            told.setdefault(" ".join([describe_learning(how), *([checked] if checked else [])]), []).append(
                name
            )
    if told:
        lines = (f"{', '.join(names)}: {how}" for how, names in told.items())
        yield Section("Learned from", "\n\n".join(lines))


def summary_sections(runs: Runs) -> Iterator[Section]:
    """What a terminal shows."""
    yield from learning_sections(runs)
    yield from main_sections(runs)


REPORT = KindReport(sections=learning_sections, summary=summary_sections)
