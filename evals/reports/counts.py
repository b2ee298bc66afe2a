"""What a mean is over, in words: how many cases have the figure, of how many, and what the others lack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tastemaker.evals.reports.sections import Runs
from tastemaker.evals.runs.run_folder import Row

CASES: Mapping[str, tuple[str, str, str]] = {
    "dialogues": ("moments", "with an item to find that nobody had named before", "conversations"),
    "simulate": ("conversations", "in which the user did not give the item away", "people"),
    "replay": ("turns", "that the log tells it of", "sessions"),
    "requests": ("requests", "that it applies to", "conversations"),
    "next-item": ("people", "whose last item is asked for", "people"),
}
"""Kind of run -> what a case is, which of them have a figure, and what intervals draw."""
PLAIN = ("cases", "with the figure", "groups")


def count_words(runs: Runs) -> str:
    """What the first table's means are over; systems and metrics with the same counts share a sentence."""
    noun, which, groups = CASES.get(runs.heads[runs.baseline]["kind"], PLAIN)
    alike: dict[tuple[tuple[str, int], ...], list[str]] = {}
    for name, rows in runs.rows.items():
        key = (("", len(rows)), *((metric, _had(rows, metric)) for metric in runs.headline_metrics))
        alike.setdefault(key, []).append(name)
    told = []
    for (whole, *counts), names in alike.items():
        by_count: dict[int, list[str]] = {}
        for metric, had in counts:
            by_count.setdefault(had, []).append(metric)
        for had, metrics in by_count.items():
            of = [*(names if len(alike) > 1 else ()), *(metrics if len(by_count) > 1 else ())]
            begin = f"{', '.join(of)}: means" if of else "Means"
            told.append(
                f"{begin} over all {had:,} {noun}."
                if had == whole[1]
                else f"{begin} over {had:,} {noun} {which}, of {whole[1]:,}."
            )
    drawn = len({row["group"] for rows in runs.rows.values() for row in rows if "group" in row})
    return (
        f"{' '.join(told)} A failure counts as a miss. In brackets 95 % bootstrap intervals, which draw whole "
        f"{groups} ({drawn:,} of them), since cases of one depend on each other."
    )


def _had(rows: Sequence[Row], metric: str) -> int:
    return sum((row.get("metrics") or {}).get(metric) is not None for row in rows)
