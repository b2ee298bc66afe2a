"""The command line: ``tastemaker init | build | search | recommend | chat | web | serve | mcp | train | eval ...``.

Heavy imports happen inside the commands, so that ``--help`` and errors are instant.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tastemaker.retrieval.errors import TastemakerError
from tastemaker.ui.cli.build import build, train
from tastemaker.ui.cli.calibrate import calibrate
from tastemaker.ui.cli.chat import chat
from tastemaker.ui.cli.console import say, say_error, write
from tastemaker.ui.cli.doctor import doctor
from tastemaker.ui.cli.enrich import enrich
from tastemaker.ui.cli.evals.app import eval_app
from tastemaker.ui.cli.file_errors import say_file_error
from tastemaker.ui.cli.help_examples import epilog
from tastemaker.ui.cli.init import init
from tastemaker.ui.cli.learn import learn
from tastemaker.ui.cli.person import person
from tastemaker.ui.cli.prune import prune
from tastemaker.ui.cli.recommend import recommend
from tastemaker.ui.cli.search import search
from tastemaker.ui.cli.servers.mcp import mcp
from tastemaker.ui.cli.servers.serve import serve
from tastemaker.ui.cli.servers.web import web

EXIT_BAD_INPUT = 2
EXIT_STOPPED = 130


class _Commands(TyperGroup):
    """Says how to go on when a command is stopped, which typer would end without a word."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            say(str(stop) or "stopped")
            raise typer.Exit(EXIT_STOPPED) from stop


app = typer.Typer(
    cls=_Commands,
    add_completion=True,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="A conversational recommender for any catalogue.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        write(f"tastemaker {version('tastemaker')}")
        raise typer.Exit


COMMANDS = (
    init,
    build,
    search,
    recommend,
    chat,
    web,
    serve,
    mcp,
    train,
    learn,
    enrich,
    calibrate,
    person,
    prune,
    doctor,
)
for _command in COMMANDS:
    app.command(epilog=epilog(_command.__name__))(_command)
app.add_typer(eval_app, name="eval")


@app.callback()
def common(
    _version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_show_version),
    ] = False,
    api_key_env: Annotated[
        list[str] | None,
        typer.Option(
            help="Variable with the key for --llm http(s)://..., as NAME or HOST=NAME; may be repeated."
            " Without it a key goes to its own provider alone."
        ),
    ] = None,
) -> None:
    """A conversational recommender for any catalogue."""
    if api_key_env:
        from tastemaker.agent.llm.api_keys import KEY_VARIABLE

        os.environ[KEY_VARIABLE] = ",".join(api_key_env)


def main() -> None:
    """Entry point: errors of ours become one line on standard error and exit status 2."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # OpenMP threads that spin on while they wait starve beside any other busy process (LOG.md).
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    try:
        app()
    except TastemakerError as error:
        say_error(error)
        sys.exit(EXIT_BAD_INPUT)
    except OSError as error:
        said = say_file_error(error)
        if said is None:
            raise
        say_error(said)
        sys.exit(EXIT_BAD_INPUT)


if __name__ == "__main__":
    main()
