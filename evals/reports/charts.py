"""The plots of runs: differences, slices, turns, and whether chances are what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from tastemaker.evals.metrics.bootstrap import Interval
from tastemaker.evals.metrics.reliability import Bin, calibration_error, reliability
from tastemaker.evals.reports.sections import Plot, Runs, Section, figure, signed_interval
from tastemaker.evals.reports.summary import vars_of
from tastemaker.evals.runs.run_folder import Row

MOST_VALUES = 14
"""Slice values of one plot, those of most cases; the table has all."""
FIRST = 5
"""Answers of each case whose chances are looked at: those behind are all small."""
MIN_ANSWERS = 50
"""Fewer say nothing of a chance."""


def difference_plots(runs: Runs) -> list[Plot]:
    """Paired differences to the baseline in the first two metrics."""
    from tastemaker.evals.plots.differences import difference_plot

    plots = []
    for metric in runs.headline_metrics[:2]:
        told = {
            name: less
            for name in runs.rows
            if name != runs.baseline and (less := runs.less_baseline(name, metric))
        }
        if told:
            title = f"{metric} less that of {runs.baseline}, paired"
            caption = f"{title}: " + ", ".join(
                f"{name} {signed_interval(vars_of(one))}" for name, one in told.items()
            )
            plots.append(_plot(caption, difference_plot(title, told)))
    return plots


def slice_plots(
    metric: str, slice_name: str, values: Mapping[str, Mapping[str, tuple[Interval, int]]]
) -> list[Plot]:
    """A metric by the values of a slice; ``values``: value -> run -> mean and number of cases."""
    from tastemaker.evals.plots.slice_bars import slice_bars

    most = {value: max(n for _, n in own.values()) for value, own in values.items() if own}
    kept = set(sorted(most, key=lambda value: -most[value])[:MOST_VALUES])
    shown = {value: own for value, own in values.items() if value in kept}
    runs = list(dict.fromkeys(run for own in shown.values() for run in own))
    title = f"{metric} by {slice_name}"
    if len(most) > len(kept):
        title += f", the {len(kept)} values of most cases"
    caption = f"{title}: " + "; ".join(
        f"{value} " + ", ".join(f"{run} {mean.mean:.3f}" for run, (mean, _) in own.items())
        for value, own in shown.items()
    )
    means = {value: {run: mean for run, (mean, _) in own.items()} for value, own in shown.items()}
    return [_plot(caption, slice_bars(title, runs, means, counts=most))]


def turns_section(runs: Runs) -> Section | None:
    """How long the conversations were; None where no row tells."""
    told = {name: held for name, rows in runs.rows.items() if (held := turns_of(rows))}
    if not told:
        return None
    simulated = any("turns" in (row.get("metrics") or {}) for rows in runs.rows.values() for row in rows)
    what = (
        "Messages of the user until success, where a failure counts one more than there were."
        if simulated
        else "Messages before the answer that is scored."
    )
    if len({tuple(sorted(held)) for held in told.values()}) == 1 and not simulated:
        told = {"all runs": next(iter(told.values()))}  # they were asked the same

    def draw() -> list[Plot]:
        from tastemaker.evals.plots.histogram import turns_histogram

        caption = "Turns: " + ", ".join(
            f"{name} {sum(held) / len(held):.1f} on average" for name, held in told.items()
        )
        return [_plot(caption, turns_histogram("turns", told))]

    table = [
        (name, f"{len(held):,}", f"{sum(held) / len(held):.2f}", str(min(held)), str(max(held)))
        for name, held in told.items()
    ]
    return Section("Turns", what, (("system", "cases", "mean", "fewest", "most"), table), draw)


def turns_of(rows: Sequence[Row]) -> list[int]:
    """The turns of each case that tells."""
    found = []
    for row in rows:
        metrics, replies = row.get("metrics") or {}, row.get("replies") or ()
        if "turns" in metrics:
            found += [] if metrics["turns"] is None else [round(metrics["turns"])]
        elif replies:
            found.append(len(replies[0].get("said") or ()))
    return found


def calibration_section(runs: Runs) -> Section | None:
    """Chances that systems gave, beside what came of them; None where none gave any."""
    told = {
        name: bins
        for name, rows in runs.rows.items()
        if (bins := calibration(rows, runs.heads[name]["seed"]))
    }
    if not told:
        return None

    def draw() -> list[Plot]:
        from tastemaker.evals.plots.calibration import calibration_plot

        caption = "Calibration: " + ", ".join(
            f"{name} off by {calibration_error(bins):.3f} on average" for name, bins in told.items()
        )
        return [_plot(caption, calibration_plot("calibration", told))]

    table = [
        (name, f"{one.n:,}", f"{one.chance:.3f}", figure(one.right))
        for name, bins in told.items()
        for one in bins
    ]
    errors = "; ".join(f"{name} {calibration_error(bins):.3f}" for name, bins in told.items())
    text = (
        f"Of the first {FIRST} new items of each case: the chance to be named next that the system gave, in bins of "
        "equally many items, and the share that was right. On the dashed line chances are what they say. Mean "
        f"distance: {errors}. Systems that give no chances are left out."
    )
    return Section(
        "Calibration", text, (("system", "items", "mean chance", "share that was right"), table), draw
    )


def calibration(rows: Sequence[Row], seed: int = 0) -> list[Bin]:
    """Bins of the chances of first items; nothing where too few are told."""
    held = [
        (row["group"], chance, item in row["new"])
        for row in rows
        if row.get("chances") and row.get("new")
        for item, chance in _first(row)
    ]
    if len(held) < MIN_ANSWERS:
        return []
    groups, chances, right = zip(*held, strict=True)
    return reliability(groups, chances, right, seed=seed)


def _first(row: Row) -> list[tuple[str, float]]:
    """The first items that were not named before: those have a chance."""
    told = [(item, chance) for item, chance in zip(row["items"], row["chances"], strict=False) if chance > 0]
    return told[:FIRST]


def _plot(caption: str, svg: str) -> Plot:
    return Plot(caption, Markup(svg))  # noqa: S704  matplotlib escapes the names
