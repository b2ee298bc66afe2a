"""The command line: ``tastemaker build | recommend | chat | web | train | doctor``.

Heavy imports happen inside the commands, so that ``--help`` and errors are instant.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tastemaker.retrieval.errors import ConfigError, ModelError, TastemakerError
from tastemaker.ui.eval_command import eval_app

if TYPE_CHECKING:
    from tastemaker.agent import Reply, Session, Tastemaker
    from tastemaker.recommenders import Recommender

EXIT_BAD_INPUT = 2

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="A conversational recommender for any catalogue.",
)  # fmt: skip

app.add_typer(eval_app, name="eval")

DEFAULT_WORKSPACE = Path("workspaces/ml-100k")
WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", "-w", help="Folder that `tastemaker build` wrote.", show_default=True)
]
LlmOption = Annotated[
    str, typer.Option(help="rules (no model), local (embedded), http://host/v1#MODEL, or PROVIDER:MODEL.")
]
Titles = Annotated[list[str] | None, typer.Option(help="A title from the catalogue; may be repeated.")]


class Effort(StrEnum):
    """How many model calls a turn may take."""

    FAST = "fast"
    BALANCED = "balanced"
    THOROUGH = "thorough"


EffortOption = Annotated[Effort, typer.Option(help="One model call a turn, two, or the full loop.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")]


def main() -> None:
    """Entry point: errors of ours become one line on standard error and exit status 2."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # OpenMP threads that spin on while they wait starve beside any other busy process (LOG.md).
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    try:
        app()
    except TastemakerError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(EXIT_BAD_INPUT)
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)
        sys.exit(130)


@app.command()
def build(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    items: Annotated[Path | None, typer.Option(help="Catalogue: CSV, TSV, JSON Lines or Parquet.")] = None,
    interactions: Annotated[Path | None, typer.Option(help="Interaction log: the same formats.")] = None,
    data: Annotated[
        str | None, typer.Option(help="A known data set: ml-100k, ml-1m, ml-latest-small.")
    ] = None,
    path: Annotated[
        Path | None, typer.Option(help="Where that data set already lies on this machine.")
    ] = None,
    overrides: Annotated[Path | None, typer.Option(help="TOML that overrides what is inferred.")] = None,
    skip_bad_rows: Annotated[bool, typer.Option(help="Leave bad rows out and write them to a file.")] = False,
    recommender: Annotated[str, typer.Option(help="See `tastemaker train --list`.")] = "sasrec",
    embedding: Annotated[
        str, typer.Option(help="Text embedding model; `hashing` needs none.")
    ] = "all-MiniLM-L6-v2",
    seed: Annotated[int, typer.Option(help="Equal seeds give equal models.")] = 0,
    keep_models: Annotated[
        bool,
        typer.Option(
            help="Train nothing: keep the workspace's recommenders, for a catalogue that grew since."
        ),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Index a catalogue and train a recommender on its log: writes a workspace."""
    from tastemaker.tools.build import build_workspace
    from tastemaker.ui.sources import known_data, own_files

    if bool(data) == bool(items or interactions):
        raise ConfigError("give either --data NAME, or both --items FILE and --interactions FILE")
    if data:
        catalog, log, report = known_data(data, path, not quiet)
    else:
        catalog, log, report = own_files(items, interactions, overrides, skip_bad_rows, _say)
    build_workspace(
        workspace, catalog, log, recommender=recommender, embedding=embedding, seed=seed,
        keep_models=keep_models, report=report, progress=not quiet, say=_say,
    )  # fmt: skip


@app.command()
def recommend(
    message: Annotated[str, typer.Option("--message", "-m", help="What the person says.")] = "",
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    liked: Titles = None,
    disliked: Titles = None,
    k: Annotated[int, typer.Option("-k", help="How many items.")] = 5,
    llm: LlmOption = "rules",
    effort: EffortOption = Effort.BALANCED,
    session: Annotated[str | None, typer.Option(help="Go on with an earlier session.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """One turn: recommend for a few liked titles and a message."""
    if not message and not liked:
        raise ConfigError("give --message TEXT, --liked TITLE, or both")
    with _open(workspace, llm, effort) as tm:
        conversation = tm.session(session, liked=liked or (), disliked=disliked or ())
        reply = _answer(conversation, message or "What would I like next?", k)
    typer.echo(json.dumps(reply_json(reply), ensure_ascii=False, indent=2) if as_json else reply.text)


@app.command()
def chat(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    llm: LlmOption = "local",
    effort: EffortOption = Effort.BALANCED,
    session: Annotated[str | None, typer.Option(help="Go on with an earlier session.")] = None,
    k: Annotated[int, typer.Option("-k", help="How many items a turn.")] = 5,
) -> None:
    """Chat in the terminal. An empty line or Ctrl-D ends it."""
    from tastemaker.ui.terminal import converse

    with _open(workspace, llm, effort, warm=True) as tm:
        converse(tm.session(session), k)


@app.command()
def web(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    data: Annotated[
        str | None, typer.Option(help="Build the workspace from this data set if it is missing.")
    ] = None,
    llm: LlmOption = "local",
    effort: EffortOption = Effort.BALANCED,
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than loopback let others in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; the next free one is taken if it is in use.")] = 7860,
) -> None:
    """Serve the chat page; prints its URL last."""
    from tastemaker.ui.web import serve

    if data and not (workspace / "manifest.json").exists():
        build(workspace=workspace, data=data)
    with _open(workspace, llm, effort, warm=True) as tm:
        serve(tm, host=host, port=port)


@app.command()
def train(
    model: Annotated[str | None, typer.Option(help="Which recommender.")] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    list_models: Annotated[bool, typer.Option("--list", help="List the recommenders.")] = False,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal models.")] = 0,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="A setting as name=value; may be repeated.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Train one more recommender in a workspace and make it the one that serves."""
    from tastemaker.recommenders import RECOMMENDERS
    from tastemaker.tools.build import add_recommender
    from tastemaker.tools.workspace import Workspace

    if list_models or not model:
        for name, kind in RECOMMENDERS.items():
            typer.echo(f"{name:14} {_first_line(kind)}")
        return
    add_recommender(
        Workspace.open(workspace),
        model,
        seed=seed,
        settings=_settings(settings or []),
        progress=not quiet,
        say=_say,
    )


@app.command()
def doctor(workspace: WorkspaceOption = DEFAULT_WORKSPACE, llm: LlmOption = "local") -> None:
    """Say what is installed, which model answers, which data is there, and what to run next."""
    from tastemaker.ui.doctor import examine

    findings = examine(workspace, llm)
    for finding in findings:
        typer.echo(f"{finding.mark} {finding.what}: {finding.state}")
    steps = [finding.remedy for finding in findings if finding.remedy]
    typer.echo(
        f"\nnext: {steps[0]}" if steps else f"\nall good; next: tastemaker web --workspace {workspace}"
    )


def _answer(session: Session, message: str, k: int) -> Reply:
    """One turn. A model that cannot be reached or refuses is a wrong setting here, not a case for fallbacks."""
    from tastemaker.agent import Done
    from tastemaker.agent.events import Fallback

    for event in session.stream(message, k):
        if isinstance(event, Fallback) and event.error in ("ModelUnreachable", "ModelRefused"):
            raise ModelError(event.reason)
        if isinstance(event, Done):
            return event.reply
    raise RuntimeError("a turn ended without a reply")


def reply_json(reply: Reply) -> dict[str, object]:
    """The documented JSON of ``tastemaker recommend --json``."""
    fields = reply.model_dump(mode="json")
    order = ("items", "message", "question", "notes", "usage", "session", "trace")
    return {name: fields[name] for name in order}


def _open(workspace: Path, llm: str, effort: Effort, warm: bool = False) -> Tastemaker:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch

    from tastemaker.agent import Tastemaker

    torch.set_num_threads(
        1
    )  # one person's query is too small for two, and two starve beside the language model
    tm = Tastemaker.open(workspace, llm=llm, effort=effort)
    if warm:
        _say(f"warming up {llm}")
        tm.warm_up()
    return tm


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _first_line(kind: type[Recommender]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


def _settings(pairs: list[str]) -> dict[str, object]:
    parsed: dict[str, object] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ConfigError(f"--set {pair!r}: write name=value, such as --set dropout=0.3")
        try:
            parsed[name] = json.loads(value)
        except ValueError:
            parsed[name] = value
    return parsed


if __name__ == "__main__":
    main()
