"""Reports of runs of any kind that lie in folders: here the kinds are known, which nothing below imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tastemaker.evals.dialogues.report import REPORT as DIALOGUES
from tastemaker.evals.replay.report import REPORT as REPLAY
from tastemaker.evals.reports.run_report import PLAIN, KindReport, RunReport
from tastemaker.evals.reports.sections import Runs
from tastemaker.evals.requests.report import REPORT as REQUESTS
from tastemaker.evals.simulation.report import REPORT as SIMULATION

KINDS: Mapping[str, KindReport] = {
    "dialogues": DIALOGUES,
    "simulate": SIMULATION,
    "replay": REPLAY,
    "requests": REQUESTS,
}
"""Those with sections of their own."""


def read_report(paths: Sequence[Path], baseline: str | None = None) -> RunReport:
    """What run folders have to tell; for arguments and errors see ``Runs.read``."""
    runs = Runs.read(paths, baseline)
    kind = runs.heads[runs.baseline]["kind"]
    return RunReport(runs, KINDS.get(kind, PLAIN))
