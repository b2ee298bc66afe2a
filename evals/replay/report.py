"""What a replay says beyond means: estimates of what the lists would have met with, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tastemaker.evals.replay.value import ESTIMATES, value_of
from tastemaker.evals.reports.run_report import KindReport
from tastemaker.evals.reports.sections import Runs, Section, figure
from tastemaker.evals.reports.summary import mean_of
from tastemaker.evals.runs.run_folder import Row
from tastemaker.retrieval.errors import DataError

SHOWN_CHANGES = 20
PARTS = ("gone", "new", "moved")


def replay_sections(
    runs: Mapping[str, Sequence[Row]], reward: str = "chosen", *, supported_only: bool = False, seed: int = 0
) -> Iterator[Section]:
    """Sections for the report of runs of the kind ``replay``."""
    yield _values(runs, reward, supported_only, seed)
    yield _changes(runs)


def replay_figures(
    rows: Sequence[Row], reward: str, *, supported_only: bool = False, seed: int = 0
) -> dict[str, Any]:
    """The estimates as JSON, or why there are none."""
    try:
        value = value_of(rows, reward, supported_only=supported_only, seed=seed)
    except DataError as error:
        return {"off_policy": None, "refused": str(error)}
    return {"off_policy": {"reward": reward, **asdict(value)}, "refused": None}


def _values(runs: Mapping[str, Sequence[Row]], reward: str, supported_only: bool, seed: int) -> Section:
    table, refused = [], []
    for name, rows in runs.items():
        try:
            value = value_of(rows, reward, supported_only=supported_only, seed=seed)
        except DataError as error:
            refused.append(f"{name}: no estimate. {error}.")
            continue
        table.append(
            (
                name,
                f"{value.turns:,}",
                f"{value.sessions:,}",
                *(figure(value.estimates[one]) for one in ESTIMATES),
                f"{value.effective:.1f}",
                f"{value.tails.used:,}",
                f"{value.tails.largest:.1f}",
                f"{value.tails.share:.0%}",
            )
        )
    how = (
        f"Items {reward} per turn, an item counting the same at any rank of a list. logged: what the log's own "
        "lists met with. Effective: how many equal weights would say as much; trust no estimate that rests on a few."
    )
    head = (
        "system",
        "turns",
        "sessions",
        *ESTIMATES,
        "effective",
        "weights",
        "largest",
        "in the largest 1 %",
    )
    return Section("Off-policy estimates", " ".join([how, *refused]), (head, table) if table else None)


def _changes(runs: Mapping[str, Sequence[Row]]) -> Section:
    changed = [
        (name, row) for name, rows in runs.items() for row in rows if any((row.get("changes") or {}).values())
    ]
    least_alike = sorted(
        changed, key=lambda pair: (pair[1]["metrics"].get("overlap") or 0.0, pair[1]["case"])
    )
    table = [
        (name, row["case"], row["message"][:80], *("; ".join(row["changes"][part]) for part in PARTS))
        for name, row in least_alike[:SHOWN_CHANGES]
    ]
    counts = {name: sum(one == name for one, _ in changed) for name in runs}
    told = ", ".join(f"{name}: {n:,} of {len(runs[name]):,}" for name, n in counts.items())
    return Section(
        "What changed",
        f"Turns with another list than the one shown. {told}. The least alike first.",
        (("system", "turn", "message", "gone", "new", "moved"), table) if table else None,
    )


def _means(runs: Runs) -> Section:
    seed = runs.heads[runs.baseline]["seed"]
    rows = [
        (name, f"{len(held):,}", *(figure(mean_of(held, metric, seed)) for metric in runs.metrics))
        for name, held in runs.rows.items()
    ]
    return Section("Replayed turns", "", (("system", "turns", *runs.metrics), rows))


def _sections(runs: Runs) -> Iterator[Section]:
    head = runs.heads[runs.baseline]
    reward, only = head["parameters"]["reward"], head["parameters"]["supported_only"]
    return replay_sections(runs.rows, reward, supported_only=only, seed=head["seed"])


def _summary(runs: Runs) -> Iterator[Section]:
    yield _means(runs)
    yield from _sections(runs)


def _figures(runs: Runs, name: str) -> dict[str, Any]:
    head = runs.heads[name]
    reward, only = head["parameters"]["reward"], head["parameters"]["supported_only"]
    return replay_figures(runs.rows[name], reward, supported_only=only, seed=head["seed"])


REPORT = KindReport(_sections, _figures, _summary)
"""What runs of the kind ``replay`` have to tell."""
