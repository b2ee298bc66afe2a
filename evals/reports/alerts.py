"""What has to be known before any figure of a report is believed."""

from __future__ import annotations

from collections.abc import Iterator

from tastemaker.evals.reports.sections import Runs, Section
from tastemaker.evals.reports.summary import failures

MOST_OUTSIDE = 0.1
"""Share of the items to find that a catalogue may lack: what lacks more measures the catalogue."""
MOST_FAILURES = 0.1
BAD_CHECKS = ("THE SPLIT LEAKS", "NOT CHECKED")


def alert_section(runs: Runs, *, code: bool = True) -> Section | None:
    """The alerts of some runs as a section; None where there are none.

    Args:
        runs: what is reported.
        code: also say where a run's code differs from its commit.
    """
    told = [*alerts(runs), *(code_alerts(runs) if code else ())]
    return Section("Warning", "\n\n".join(told), loud=True) if told else None


def alerts(runs: Runs) -> Iterator[str]:
    """Faults of the data, of the split and of the answers."""
    yield from dict.fromkeys(_outside(runs))
    for name, head in runs.heads.items():
        checked = head["data"].get("leak_check") or ""
        if checked.startswith(BAD_CHECKS):
            yield f"{name}: {checked}"
    for name, rows in runs.rows.items():
        lost = len(failures(rows))
        if lost > MOST_FAILURES * len(rows):
            yield f"{name} FAILED in {lost:,} of {len(rows):,} cases, which count as misses; see Failures."
    measured = {head["data"].get("sha256", "") for head in runs.heads.values()}
    catalogs = {head["data"].get("catalog", "") for head in runs.heads.values()}
    if len(measured) > 1 or len(catalogs) > 1:
        yield "THE RUNS DIFFER IN THEIR DATA or in their catalogue: their figures do not compare."


def code_alerts(runs: Runs) -> Iterator[str]:
    """Runs whose code was changed after the commit that they name."""
    changed = [name for name, head in runs.heads.items() if (head.get("commit") or "").endswith("-dirty")]
    if changed:
        yield (
            f"CODE CHANGED: {', '.join(changed)} ran with files that differ from the commit that the report names; "
            "nobody can check out what was measured. Commit, and run again into another --out."
        )


def _outside(runs: Runs) -> Iterator[str]:
    for rows in runs.rows.values():
        lost = sum(len(row.get("gold_outside") or ()) for row in rows)
        gold = lost + sum(len(row.get("gold") or ()) for row in rows)
        if gold and lost / gold > MOST_OUTSIDE:
            yield (
                f"{lost:,} OF {gold:,} ITEMS TO FIND ({lost / gold:.0%}) ARE NOT IN THE CATALOGUE: nobody can find "
                "them, and they count as missed. Look whether ids and titles of the file are those of this "
                "catalogue (--ids), or build the workspace from a fuller one."
            )
