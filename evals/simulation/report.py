"""What a run with simulated users says beyond means: figures per persona, pass^k, and what was excluded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.metrics.pass_hat import mean_pass_hat_k
from tastemaker.evals.reports.run_report import KindReport
from tastemaker.evals.reports.sections import Runs, Section, figure
from tastemaker.evals.reports.summary import mean_of
from tastemaker.evals.runs.run_folder import Row
from tastemaker.evals.simulation.conversation import METRICS

SHOWN_LEAKS = 20
ALL = "all"
COMPARED = ("success", "turns", "questions", "violation_rate")
"""Figures in which runs stand side by side."""


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
    how = (
        "turns: to success, where a failure counts one more than there were; questions: asked by the agent; "
        "violations: items shown against a condition that the user had stated; told: facts the user told. "
        "Leaked conversations count nowhere."
    )
    if len(runs) > 1:
        yield _side_by_side(runs)
    most = max((len(one) for rows in runs.values() for one in tries(rows)), default=0)
    for name, rows in runs.items():
        held = by_persona(rows)
        means = [
            (one, f"{len(own):,}", *(figure(mean_of(own, metric)) for metric in METRICS))
            for one, own in held.items()
        ]
        yield Section(f"Per persona: {name}", how, (("persona", "conversations", *METRICS), means))
        chances = [(one, *(_pass(own, k) for k in range(1, most + 1))) for one, own in held.items()]
        told = "The chance that k tries of one wish all succeed (unbiased; wishes with fewer than k tries left out)."
        yield Section(
            f"Reliability: {name}", told, (("persona", *(f"pass^{k}" for k in range(1, most + 1))), chances)
        )
    yield _leaks(runs)


def _side_by_side(runs: Mapping[str, Sequence[Row]]) -> Section:
    """Each persona's figures in all runs: the same people, played by rules and by a model, stand on one line."""
    held = {name: by_persona(rows) for name, rows in runs.items()}
    personas = dict.fromkeys(persona for own in held.values() for persona in own)
    table = [
        (persona, metric, *(figure(mean_of(own.get(persona, ()), metric)) for own in held.values()))
        for persona in personas
        for metric in COMPARED
    ]
    told = "The same people and personas in every run, conversations that leaked in a run left out of that run alone."
    return Section("Side by side", told, (("persona", "figure", *runs), table))


def simulation_figures(rows: Sequence[Row]) -> dict[str, Any]:
    """The same as JSON: per persona means with intervals and pass^k, and how many leaked."""
    held = by_persona(rows)
    return {
        "personas": {
            name: {metric: _as_json(mean_of(own, metric)) for metric in METRICS} for name, own in held.items()
        },
        "pass_hat": {name: _pass_hats(own) for name, own in held.items()},
        "leaked": sum(bool(row.get("leaks")) for row in rows),
    }


def _pass_hats(rows: Sequence[Row]) -> dict[str, float | None]:
    most = max(map(len, tries(rows)), default=0)
    return {str(k): mean_pass_hat_k(tries(rows), k)[0] for k in range(1, most + 1)}


def _as_json(told: Interval | None) -> dict[str, float] | None:
    return None if told is None else {name: round(value, 6) for name, value in vars(told).items()}


def _pass(rows: Sequence[Row], k: int) -> str:
    value, n = mean_pass_hat_k(tries(rows), k)
    return "-" if value is None else f"{value:.3f} (n={n:,})"


def _leaks(runs: Mapping[str, Sequence[Row]]) -> Section:
    leaked = [(name, row) for name, rows in runs.items() for row in rows if row.get("leaks")]
    per = {name: sum(bool(row.get("leaks")) for row in rows) for name, rows in runs.items()}
    told = ", ".join(f"{name}: {n:,} of {len(runs[name]):,}" for name, n in per.items())
    table = [(name, row["case"], "; ".join(row["leaks"])[:200]) for name, row in leaked[:SHOWN_LEAKS]]
    return Section(
        "Leaks",
        f"Conversations in which the user gave the item away, excluded from every figure. {told}.",
        (("system", "case", "leak"), table) if table else None,
    )


def _sections(runs: Runs) -> Iterator[Section]:
    return simulation_sections(runs.rows)


def _figures(runs: Runs, name: str) -> dict[str, Any]:
    return simulation_figures(runs.rows[name])


REPORT = KindReport(_sections, _figures, _sections)
"""What runs of the kind ``simulate`` have to tell."""
