"""What a run with simulated users says beyond means: figures per persona, pass^k, and what was excluded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tastemaker.evals.pass_hat import mean_pass_hat_k
from tastemaker.evals.run_folder import Row
from tastemaker.evals.run_summary import mean_of
from tastemaker.evals.simulation import METRICS

if TYPE_CHECKING:
    from tastemaker.evals.run_report import Section

SHOWN_LEAKS = 20
ALL = "all"


def tries(rows: Sequence[Row]) -> list[list[bool]]:
    """Outcomes of the repeats of each person in each persona, leaked ones left out.

    >>> held = {"group": "u", "slices": {"persona": "terse"}}
    >>> tries([{**held, "metrics": {"success": 1.0}}, {**held, "metrics": {"success": None}}])
    [[True]]
    """
    found: dict[tuple[str, str], list[bool]] = {}
    for row in rows:
        success = row["metrics"]["success"]
        if success is not None:
            found.setdefault((row["group"], row["slices"]["persona"]), []).append(bool(success))
    return list(found.values())


def by_persona(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """All rows, and those of each persona in order of first appearance."""
    found: dict[str, list[Row]] = {ALL: list(rows)}
    for row in rows:
        found.setdefault(row["slices"]["persona"], []).append(row)
    return found


def simulation_sections(runs: Mapping[str, Sequence[Row]]) -> Iterator[Section]:
    """Sections for the report of runs of the kind ``simulate``."""
    from tastemaker.evals.run_report import Section, figure

    head = ("system", "persona", "conversations", *METRICS)
    table = [
        (name, persona, f"{len(held):,}", *(figure(mean_of(held, metric)) for metric in METRICS))
        for name, rows in runs.items()
        for persona, held in by_persona(rows).items()
    ]
    how = (
        "turns: to success, where a failure counts one more than there were; questions: asked by the agent; "
        "violations: items shown against a condition that the user had stated; told: facts the user told. "
        "Leaked conversations count nowhere."
    )
    yield Section("Per persona", how, (head, table))
    yield _reliability(runs)
    yield _leaks(runs)


def _reliability(runs: Mapping[str, Sequence[Row]]) -> Section:
    from tastemaker.evals.run_report import Section

    most = max((len(one) for rows in runs.values() for one in tries(rows)), default=0)
    table = [
        (name, persona, *(_pass(held, k) for k in range(1, most + 1)))
        for name, rows in runs.items()
        for persona, held in by_persona(rows).items()
    ]
    how = (
        "The chance that k tries of one wish all succeed (unbiased; wishes with fewer than k tries left out)."
    )
    head = ("system", "persona", *(f"pass^{k}" for k in range(1, most + 1)))
    return Section("Reliability", how, (head, table))


def _pass(rows: Sequence[Row], k: int) -> str:
    value, n = mean_pass_hat_k(tries(rows), k)
    return "-" if value is None else f"{value:.3f} (n={n:,})"


def _leaks(runs: Mapping[str, Sequence[Row]]) -> Section:
    from tastemaker.evals.run_report import Section

    leaked = [(name, row) for name, rows in runs.items() for row in rows if row.get("leaks")]
    per = {name: sum(bool(row.get("leaks")) for row in rows) for name, rows in runs.items()}
    told = ", ".join(f"{name}: {n:,} of {len(runs[name]):,}" for name, n in per.items())
    table = [(name, row["case"], "; ".join(row["leaks"])[:200]) for name, row in leaked[:SHOWN_LEAKS]]
    return Section(
        "Leaks",
        f"Conversations in which the user gave the item away, excluded from every figure. {told}.",
        (("system", "case", "leak"), table) if table else None,
    )
