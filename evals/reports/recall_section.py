"""Recall at every depth, by moment and by item: papers on conversations count the one or the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.metrics.cluster_bootstrap import ratio
from tastemaker.evals.reports.sections import Runs, Section, figure
from tastemaker.evals.runs.run_folder import Row

KS = (1, 5, 10, 20, 50)
HOW = (
    "By moment: the mean over moments of the share of a moment's new items that are among the first k. By item: of "
    "all new items of all moments, the share that was among the first k of its moment, so that moments with many "
    "items count more. Papers on ReDial mostly count by item."
)


def recall_section(runs: Runs) -> Section | None:
    """Recall@1 to @50 both ways; None for runs without these figures."""
    names = [f"recall@{k}" for k in KS if f"recall@{k}" in runs.metrics]
    if len(names) < len(KS):
        return None
    table = []
    for name, rows in runs.rows.items():
        moments = sum((row.get("metrics") or {}).get(names[0]) is not None for row in rows)
        means = [figure(runs.mean(name, metric)) for metric in names]
        table.append((name, "by moment", f"{moments:,}", *means))
        sizes = [one for row in rows if (one := targets(row))]
        seed = runs.heads[name]["seed"]
        if sizes and max(sizes) > 1:
            by_item = [figure(recall_by_item(rows, metric, seed)) for metric in names]
            table.append((name, "by item", f"{sum(sizes):,}", *by_item))
    return Section("Recall", HOW, (("system", "counted", "n", *names), table))


def recall_by_item(rows: Sequence[Row], metric: str, seed: int = 0) -> Interval | None:
    """The share of items found, of all items of all rows; None where no row tells how many it has.

    >>> rows = [{"group": "a", "new": ["x"], "metrics": {"recall@1": 1.0}},
    ...         {"group": "b", "new": ["x", "y", "z"], "metrics": {"recall@1": 0.0}}]
    >>> recall_by_item(rows, "recall@1").mean
    0.25
    """
    held = [
        (row["group"], float(value), size)
        for row in rows
        if (value := (row.get("metrics") or {}).get(metric)) is not None and (size := targets(row))
    ]
    if not held:
        return None
    sizes = np.array([size for *_, size in held], np.float64)
    found = np.array([value for _, value, _ in held]) * sizes
    return ratio([group for group, *_ in held], found, sizes, seed)


def targets(row: Row) -> int:
    """How many new items a row has to find, those outside the catalogue too; 0 where it does not tell."""
    if "targets" in row:
        return int(row["targets"])
    return 0 if row.get("gold_outside") else len(row.get("new") or ())
