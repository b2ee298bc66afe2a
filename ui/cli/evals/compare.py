"""``tastemaker eval compare`` and ``tastemaker eval report``: runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.console import draw_sections, say, write, write_json
from tastemaker.ui.cli.options import BaselineOption, JsonOption

FELL = 1


def compare(
    runs: Annotated[
        list[Path], typer.Argument(help="Folders with run.json; the first is the baseline unless named.")
    ],
    baseline: Annotated[Path | None, typer.Option(help="Compare the others with this run.")] = None,
    metric: Annotated[
        str | None,
        typer.Option(help="What must not fall, such as ndcg@10; by default the run's own first metric."),
    ] = None,
    margin: Annotated[float, typer.Option(help="How far it may fall below the baseline.")] = 0.0,
    as_json: JsonOption = False,
) -> None:
    """Paired differences of runs on the cases they share; exit status 1 if the metric falls by more than the margin."""
    from tastemaker.evals.reports.compare import compare_runs, comparison_sections
    from tastemaker.evals.reports.sections import plain_text

    if len(runs) + (baseline is not None) < 2:
        raise ConfigError("two runs or more are needed: tastemaker eval compare OLD NEW")
    if margin < 0:
        raise ConfigError(f"--margin must be at least 0, got {margin}")
    first = baseline or runs[0]
    result = compare_runs(first, [run for run in runs if run != first], metric)
    if as_json:
        write_json(result, indent=1)
    else:
        parts = list(comparison_sections(result))
        draw_sections(parts, plain_text(parts))
    fallen = [one["run"] for one in result["runs"] if one["differences"][result["metric"]]["mean"] < -margin]
    if fallen:
        say(f"{result['metric']} fell by more than {margin} in {', '.join(fallen)}")
        raise typer.Exit(FELL)


def report(
    folder: Annotated[Path, typer.Argument(help="What `tastemaker eval ... --out` wrote.")],
    baseline: BaselineOption = None,
) -> None:
    """Write report.md and report.html again from the rows of all runs in a folder."""
    from tastemaker.evals.run_reports import read_report
    from tastemaker.evals.runs.run_folder import runs_in

    read_report(runs_in(folder), baseline).write_reports(folder)
    write(folder / "report.html")
