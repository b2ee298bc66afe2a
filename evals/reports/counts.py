"""What a mean is over, in words: how many cases have the figure, of how many, and what the others lack."""

from __future__ import annotations

from collections.abc import Mapping

from tastemaker.evals.reports.sections import Runs

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
    """What the first table's means are over.

    Metrics that have a value in the same number of cases share a sentence; systems asked about other cases
    are told apart.
    """
    noun, which, groups = CASES.get(runs.heads[runs.baseline]["kind"], PLAIN)
    over: dict[tuple[int, int], dict[str, None]] = {}
    for name, rows in runs.rows.items():
        for metric in runs.headline_metrics:
            had = sum((row.get("metrics") or {}).get(metric) is not None for row in rows)
            label = metric if len({len(own) for own in runs.rows.values()}) == 1 else f"{metric} of {name}"
            over.setdefault((had, len(rows)), {})[label] = None
    drawn = len({row["group"] for rows in runs.rows.values() for row in rows if "group" in row})
    told = [_sentence(", ".join(names), noun, which, *of, alone=len(over) == 1) for of, names in over.items()]
    return (
        f"{' '.join(told)} A failure counts as a miss. In brackets 95 % bootstrap intervals, which draw whole "
        f"{groups} ({drawn:,} of them), since cases of one depend on each other."
    )


def _sentence(names: str, noun: str, which: str, had: int, total: int, *, alone: bool) -> str:
    begin = "Means" if alone else f"{names}: means"
    if had == total:
        return f"{begin} over all {total:,} {noun}."
    return f"{begin} over {had:,} {noun} {which}, of {total:,}."
