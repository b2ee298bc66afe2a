"""How good recommenders and agents are, measured: each function runs one evaluation and gives a report.

>>> from tastemaker.evals import run_dialogues, run_next_item, run_replay, run_requests, run_simulation

A report has ``table()``, ``figures()``, ``frame()`` and ``frames()`` (pandas), ``plots()`` and ``write_reports``,
and a notebook shows its tables.
They are imported when they are first named: an evaluation pulls in models and plots.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tastemaker.evals.dialogues.harness import run_dialogues
    from tastemaker.evals.next_item.harness import run_next_item
    from tastemaker.evals.replay.harness import run_replay
    from tastemaker.evals.requests.harness import run_requests
    from tastemaker.evals.run_reports import read_report
    from tastemaker.evals.runs.options import RunOptions
    from tastemaker.evals.simulation.harness import run_simulation

__all__ = [
    "RunOptions",
    "read_report",
    "run_dialogues",
    "run_next_item",
    "run_replay",
    "run_requests",
    "run_simulation",
]

_MODULES = {
    "RunOptions": "tastemaker.evals.runs.options",
    "read_report": "tastemaker.evals.run_reports",
    "run_dialogues": "tastemaker.evals.dialogues.harness",
    "run_next_item": "tastemaker.evals.next_item.harness",
    "run_replay": "tastemaker.evals.replay.harness",
    "run_requests": "tastemaker.evals.requests.harness",
    "run_simulation": "tastemaker.evals.simulation.harness",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
