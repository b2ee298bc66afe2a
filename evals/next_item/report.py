"""A next-item evaluation in figures: one JSON object, and a table for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tastemaker.evals.metrics.bootstrap import bootstrap_columns
from tastemaker.evals.metrics.rank_metrics import METRICS, Ranks
from tastemaker.evals.next_item.evaluate import NextItemResult, means
from tastemaker.recommenders.fused import Fused
from tastemaker.recommenders.recommender import Recommender

KS = (1, 5, 10, 20, 50)
COLD_AT_MOST = 5
SHOWN = ("HR@10", "NDCG@10", "MRR@10")

Report = dict[str, Any]


@dataclass(frozen=True)
class SystemRun:
    """One system's answers and what they cost.

    Attributes:
        model: what was asked.
        result: its answers.
        latency: float64[n], seconds of single queries; None where they were not timed.
    """

    model: Recommender | Fused
    result: NextItemResult
    latency: npt.NDArray[np.float64] | None


def system_report(run: SystemRun, cold: npt.NDArray[np.bool_], seed: int) -> Report:
    """All figures of one system.

    Args:
        run: what it did.
        cold: bool[n], whose target was seen at most five times in training.
        seed: of the bootstrap.
    """
    result = run.result
    return {
        "config": dict(run.model.config),
        "training": dict(run.model.record),
        "failures": result.failures,
        "filtered": _accuracy(result.filtered, seed),
        "unfiltered": _accuracy(result.unfiltered, seed),
        "cold": means(result.filtered[cold], KS) if cold.any() else None,
        "coverage@10": result.coverage,
        "scoring_seconds": result.seconds,
        "latency_ms": None if run.latency is None else _milliseconds(run.latency),
    }


def _milliseconds(seconds: npt.NDArray[np.float64]) -> Report:
    median, slow = np.quantile(seconds, [0.5, 0.95]) * 1e3
    return {"median": float(median), "p95": float(slow), "queries": len(seconds)}


def differences(
    runs: Mapping[str, SystemRun], baseline: str, seed: int, only: npt.NDArray[np.bool_] | slice = slice(None)
) -> Report:
    """Each other system's figures less the baseline's, on the same people, with 95 % intervals.

    Args:
        runs: what the systems did.
        baseline: one of them.
        seed: of the bootstrap.
        only: bool[n], which people; all unless given.
    """
    base = _columns(runs[baseline].result.filtered[only])
    return {
        name: _by_name(bootstrap_columns(_columns(run.result.filtered[only]) - base, seed=seed))
        for name, run in runs.items()
        if name != baseline
    }


def table(report: Report) -> str:
    """The main figures for a terminal, seen items filtered."""
    head = ["system", *SHOWN, "95 % of NDCG@10", "NDCG@10 to baseline", "unfiltered", "cold HR@10"]
    rows = [[*head, "cover@10", "ms/query", "train s"]]
    rows += [_row(name, own, report["differences"].get(name)) for name, own in report["systems"].items()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def _row(name: str, own: Report, difference: Report | None) -> list[str]:
    filtered = {metric: value["mean"] for metric, value in own["filtered"].items()}
    ndcg, seconds = own["filtered"]["NDCG@10"], own["training"].get("seconds")
    change = "baseline"
    if difference:
        own_change = difference["NDCG@10"]
        change = f"{own_change['mean']:+.4f} [{own_change['low']:+.4f}, {own_change['high']:+.4f}]"
    return [
        name,
        *(f"{filtered[metric]:.4f}" for metric in SHOWN),
        f"[{ndcg['low']:.4f}, {ndcg['high']:.4f}]",
        change,
        f"{own['unfiltered']['NDCG@10']['mean']:.4f}",
        f"{own['cold']['HR@10']:.4f}" if own["cold"] else "-",
        f"{own['coverage@10']:.1%}",
        f"{own['latency_ms']['median']:.2f}" if own["latency_ms"] else "-",
        "-" if seconds is None else f"{seconds:.1f}",
    ]


def _accuracy(ranks: Ranks, seed: int) -> Report:
    return _by_name(bootstrap_columns(_columns(ranks), seed=seed))


def _columns(ranks: Ranks) -> npt.NDArray[np.float64]:
    """float64[n, figures], in the order of the names that :func:`_by_name` gives."""
    return np.stack([values(ranks, k) for values in METRICS.values() for k in KS], axis=1)


def _by_name(intervals: Sequence[Any]) -> Report:
    names = [f"{name}@{k}" for name in METRICS for k in KS]
    return {name: asdict(interval) for name, interval in zip(names, intervals, strict=True)}
