"""``tastemaker eval ...``: how good the parts are, measured."""

from __future__ import annotations

import typer

from tastemaker.ui.cli.evals.compare import compare, report
from tastemaker.ui.cli.evals.dialogues import dialogues
from tastemaker.ui.cli.evals.judge import judge
from tastemaker.ui.cli.evals.next_item import next_item
from tastemaker.ui.cli.evals.replay import replay
from tastemaker.ui.cli.evals.requests import requests
from tastemaker.ui.cli.evals.simulate import simulate
from tastemaker.ui.cli.evals.view import view

eval_app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Measure how good the parts are.",
)

eval_app.command("next-item")(next_item)
eval_app.command("dialogues")(dialogues)
eval_app.command("compare")(compare)
eval_app.command("report")(report)
eval_app.command("simulate")(simulate)
eval_app.command("replay")(replay)
eval_app.command("requests")(requests)
eval_app.command("judge")(judge)
eval_app.command("view")(view)
