"""What a run on natural requests says beyond means: by turn, scope, history and kind, and how honest it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.reports.charts import slice_plots
from tastemaker.evals.reports.run_report import KindReport, main_sections
from tastemaker.evals.reports.sections import Runs, Section, figure
from tastemaker.evals.reports.summary import mean_of, vars_of
from tastemaker.evals.requests.metrics import METRIC
from tastemaker.evals.runs.run_folder import Row

LABELS = ("turn", "scope", "history", "kind")
SHOWN_METRICS = (METRIC, "lenient_precision@5", "three_good", "reach")
HONESTY = {
    "abstention": "nothing fits, and said so",
    "false_abstention": "something fits, and said that nothing does or showed nothing",
    "unknown_admitted": "nothing tells it, and said so",
    "false_unknown": "said of something that it does not know it, where nothing unknown was asked",
}
HOW = (
    "precision@5: clearly fitting items of five, a missing one counts as wrong; lenient: arguable ones too; "
    "three_good: three clearly fitting ones of five, or all there are; reach: of what is possible; excluded: liked, "
    "shown or named items among five; kept: shown items that meet every hard condition of the reading."
)


def by_label(rows: Sequence[Row], label: str) -> dict[str, list[Row]]:
    """The rows that ask for items, by a label's values, in order of first appearance."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if label in row["labels"] and row["metrics"][METRIC] is not None:
            found.setdefault(row["labels"][label], []).append(row)
    return found


def label_section(runs: Runs, label: str) -> Section | None:
    """All systems by one label; None where no request has it."""
    held = {name: by_label(rows, label) for name, rows in runs.rows.items()}
    values = dict.fromkeys(value for own in held.values() for value in own)
    table = [
        (
            value,
            name,
            f"{len(own[value])}",
            *(figure(mean_of(own[value], metric, runs.heads[name]["seed"])) for metric in SHOWN_METRICS),
        )
        for value in values
        for name, own in held.items()
        if value in own
    ]
    if not table:
        return None
    means = {
        value: {
            name: (mean, len(own[value]))
            for name, own in held.items()
            if value in own and (mean := mean_of(own[value], METRIC, runs.heads[name]["seed"]))
        }
        for value in values
    }
    draw = partial(slice_plots, METRIC, label, means)
    return Section(f"By {label}", "", ((label, "system", "requests", *SHOWN_METRICS), table), draw)


def honesty_section(runs: Runs) -> Section:
    """What was admitted, right and wrong, as counts."""
    table = [(name, *(_count(rows, metric) for metric in HONESTY)) for name, rows in runs.rows.items()]
    return Section("Honesty", "", (("system", *HONESTY.values()), table))


def _count(rows: Sequence[Row], metric: str) -> str:
    told = [row["metrics"][metric] for row in rows if row["metrics"][metric] is not None]
    return f"{round(sum(told))} of {len(told)}" if told else "-"


def _summary(runs: Runs) -> Iterator[Section]:
    yield from main_sections(runs)
    turns = label_section(runs, "turn")
    if turns:
        yield turns
    yield honesty_section(runs)


def _sections(runs: Runs) -> Iterator[Section]:
    yield Section("What the figures are", HOW)
    yield from (found for label in LABELS if (found := label_section(runs, label)))
    yield honesty_section(runs)
    yield from (misses_section(name, rows) for name, rows in runs.rows.items())


def misses_section(name: str, rows: Sequence[Row]) -> Section:
    """Every request with what was shown, so that a low figure can be looked into."""
    table = [
        (
            row["case"],
            row["message"],
            ", ".join(f"{item} ({grade})" for item, grade in zip(row["items"], row["grades"], strict=True))
            or "-",
        )
        for row in rows
    ]
    text = "Items shown, with their grade: 2 clearly fits, 1 arguably, 0 does not or was not judged."
    return Section(f"Lists: {name}", text, (("request", "message", "items"), table))


def _figures(runs: Runs, name: str) -> dict[str, Any]:
    rows, seed = runs.rows[name], runs.heads[name]["seed"]
    groups = {
        label: {
            value: {
                "cases": len(held),
                **{metric: _as_json(mean_of(held, metric, seed)) for metric in SHOWN_METRICS},
            }
            for value, held in by_label(rows, label).items()
        }
        for label in LABELS
    }
    return {"groups": groups, "honesty": {metric: _count(rows, metric) for metric in HONESTY}}


def _as_json(told: Interval | None) -> dict[str, Any] | None:
    return None if told is None else vars_of(told)


REPORT = KindReport(_sections, _figures, _summary)
"""What runs of the kind ``requests`` have to tell."""
