"""``tastemaker eval judge``: the replies of runs, judged without a model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.console import draw_sections, say, write_json
from tastemaker.ui.cli.options import JsonOption, NeededWorkspace


def judge(
    runs: Annotated[
        list[Path],
        typer.Argument(
            help="Folders that eval dialogues, replay or simulate wrote: runs, or folders of runs."
        ),
    ],
    workspace: NeededWorkspace = None,
    k: Annotated[int, typer.Option("-k", help="Items of each list that are judged.")] = 10,
    out: Annotated[Path | None, typer.Option(help="Folder for report.md and report.html.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Judge replies without a model: grounded, held by the catalogue, repeats, violations, diversity, time, cost."""
    from tastemaker.evals.judge.judge import Judge
    from tastemaker.evals.judge.report import figures_section, report_json, write_report
    from tastemaker.evals.reports.sections import plain_text
    from tastemaker.evals.runs.run_folder import runs_in
    from tastemaker.evals.runs.run_names import name_runs
    from tastemaker.tools.workspace.workspace import Workspace

    if workspace is None:
        raise ConfigError("say whose items they are: --workspace W, the folder that the runs were made with")
    if k < 1:
        raise ConfigError(f"-k must be at least 1, got {k}")
    opened = Workspace.open(workspace)
    judging = Judge(opened.catalog, opened.log, k)
    paths = list(dict.fromkeys(path for folder in runs for path in runs_in(folder)))
    judged = {name: judging.run(path) for name, path in name_runs(paths).items()}
    if out:
        write_report(out, judged)
    if as_json:
        write_json(report_json(judged), indent=1)
    else:
        part = figures_section(judged)
        draw_sections([part], plain_text([replace(part, text="")]))
    if out:
        say(f"report: {out / 'report.html'}")
