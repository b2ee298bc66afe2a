"""The command line: ``tastemaker build | enrich | search | recommend | chat | web | mcp | train | eval | doctor``.

Heavy imports happen inside the commands, so that ``--help`` and errors are instant.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from tastemaker.retrieval.errors import ConfigError, ModelError, TastemakerError
from tastemaker.ui.cli.enrich import enrich
from tastemaker.ui.cli.eval import eval_app
from tastemaker.ui.cli.learn import learn
from tastemaker.ui.cli.search import search
from tastemaker.ui.cli.set_options import read_settings

if TYPE_CHECKING:
    from tastemaker.agent import Reply, Session, Tastemaker
    from tastemaker.recommenders import Recommender

EXIT_BAD_INPUT = 2
EXIT_STOPPED = 130
WRONG_SETTING = ("ModelUnreachable", "ModelBusy", "ModelRefused")


class _Commands(TyperGroup):
    """Says how to go on when a command is stopped, which typer would end without a word."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            typer.echo(str(stop) or "stopped", err=True)
            raise typer.Exit(EXIT_STOPPED) from stop


app = typer.Typer(
    cls=_Commands, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="A conversational recommender for any catalogue.",
)  # fmt: skip

app.add_typer(eval_app, name="eval")
app.command()(search)
app.command()(learn)
app.command()(enrich)

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


FallbackOption = Annotated[
    list[str] | None, typer.Option("--fallback", help="A model to ask where --llm fails; may be repeated.")
]
PricesOption = Annotated[
    Path | None, typer.Option("--prices", help="TOML with prices of tokens, for the cost of a turn.")
]
SessionsOption = Annotated[
    str | None,
    typer.Option(
        envvar="TASTEMAKER_SESSIONS", show_envvar=True,
        help="postgresql:// URL to keep sessions there instead of in the workspace.",
    ),
]  # fmt: skip
LogOption = Annotated[
    Path | None,
    typer.Option(
        "--log", help="Folder for what was shown and what became of it; in the workspace by default."
    ),
]
ShareOption = Annotated[
    float,
    typer.Option(
        "--explore-share",
        help="Share of turns in which one item is drawn from the next ones, such as 0.05: the log can then "
        "judge other rankings (tastemaker eval replay).",
    ),
]
PoolOption = Annotated[
    int, typer.Option("--explore-pool", help="How many of the next ones take part in that draw.")
]
PersonOption = Annotated[
    str | None, typer.Option(help="An id of your choice: what this person likes is kept across sessions.")
]
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
        str,
        typer.Option(
            help="Text embedding model: a name, a sentence-transformers folder, or OWNER/NAME on the hub;"
            " `hashing` needs none."
        ),
    ] = "all-MiniLM-L6-v2",
    store: Annotated[
        str | None,
        typer.Option(
            envvar="TASTEMAKER_STORE",
            help="http://host:port of a `chroma run` server for the index; a folder of the workspace if left out.",
        ),
    ] = None,
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
    from tastemaker.tools.workspace.build import build_workspace
    from tastemaker.ui.cli.data_sources import known_data, own_files

    if bool(data) == bool(items or interactions):
        raise ConfigError("give either --data NAME, or both --items FILE and --interactions FILE")
    if data:
        catalog, log, report = known_data(data, path, not quiet)
    else:
        catalog, log, report = own_files(items, interactions, overrides, skip_bad_rows, _say)
    build_workspace(
        workspace, catalog, log, recommender=recommender, embedding=embedding, store=store, seed=seed,
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
    fallback: FallbackOption = None,
    prices: PricesOption = None,
    effort: EffortOption = Effort.BALANCED,
    session: Annotated[str | None, typer.Option(help="Go on with an earlier session.")] = None,
    person: PersonOption = None,
    sessions: SessionsOption = None,
    log: LogOption = None,
    explore_share: ShareOption = 0.0,
    explore_pool: PoolOption = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """One turn: recommend for a few liked titles and a message."""
    if not message and not liked:
        raise ConfigError("give --message TEXT, --liked TITLE, or both")
    with _open(
        workspace, llm, effort, fallback=fallback or (), prices=prices,
        sessions=sessions, log=log, explore=(explore_share, explore_pool),
    ) as tm:  # fmt: skip
        conversation = tm.session(session, liked=liked or (), disliked=disliked or (), person=person)
        reply = _answer(conversation, message or "What would I like next?", k, must_have_model=not fallback)
    typer.echo(json.dumps(reply_json(reply), ensure_ascii=False, indent=2) if as_json else reply.text)


@app.command()
def chat(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    llm: LlmOption = "local",
    fallback: FallbackOption = None,
    effort: EffortOption = Effort.BALANCED,
    session: Annotated[str | None, typer.Option(help="Go on with an earlier session.")] = None,
    person: PersonOption = None,
    sessions: SessionsOption = None,
    log: LogOption = None,
    explore_share: ShareOption = 0.0,
    explore_pool: PoolOption = 20,
    k: Annotated[int, typer.Option("-k", help="How many items a turn.")] = 5,
) -> None:
    """Chat in the terminal. An empty line or Ctrl-D ends it."""
    from tastemaker.ui.cli.chat import converse

    with _open(
        workspace, llm, effort, warm=True, fallback=fallback or (),
        sessions=sessions, log=log, explore=(explore_share, explore_pool),
    ) as tm:  # fmt: skip
        converse(tm.session(session, person=person), k)


@app.command()
def web(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    data: Annotated[
        str | None, typer.Option(help="Build the workspace from this data set if it is missing.")
    ] = None,
    llm: LlmOption = "local",
    fallback: FallbackOption = None,
    effort: EffortOption = Effort.BALANCED,
    sessions: SessionsOption = None,
    log: LogOption = None,
    explore_share: ShareOption = 0.0,
    explore_pool: PoolOption = 20,
    person: PersonOption = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than loopback let others in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; the next free one is taken if it is in use.")] = 7860,
) -> None:
    """Serve the chat page; prints its URL last."""
    from tastemaker.ui.web.server import serve

    if data and not (workspace / "manifest.json").exists():
        build(workspace=workspace, data=data)
    with _open(
        workspace, llm, effort, warm=True, fallback=fallback or (),
        sessions=sessions, log=log, explore=(explore_share, explore_pool),
    ) as tm:  # fmt: skip
        serve(tm, host=host, port=port, person=person)


@app.command()
def mcp(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    llm: LlmOption = "rules",
    fallback: FallbackOption = None,
    effort: EffortOption = Effort.FAST,
    sessions: SessionsOption = None,
    http: Annotated[
        int | None, typer.Option(help="Serve over HTTP on this port of loopback, instead of standard input.")
    ] = None,
) -> None:
    """Offer recommend, search, inspect and profile to any client of the Model Context Protocol."""
    from tastemaker.agent.mcp_server import mcp_server

    with _open(workspace, llm, effort, fallback=fallback or (), sessions=sessions) as tm:
        server = mcp_server(tm)
        if http is None:
            server.run("stdio")
        else:
            _say(f"http://127.0.0.1:{http}/mcp")
            server.run("streamable-http", host="127.0.0.1", port=http)


@app.command()
def train(
    model: Annotated[str | None, typer.Option(help="Which recommender.")] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    list_models: Annotated[bool, typer.Option("--list", help="List the recommenders.")] = False,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal models.")] = 0,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="A setting as NAME=VALUE, such as training.epochs=20; repeatable."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Train one more recommender in a workspace and make it the one that serves."""
    from tastemaker.recommenders import RECOMMENDERS
    from tastemaker.tools.workspace.build import add_recommender
    from tastemaker.tools.workspace.workspace import Workspace

    if list_models or not model:
        width = max(map(len, RECOMMENDERS))
        for name, kind in RECOMMENDERS.items():
            typer.echo(f"{name:{width}}  {_first_line(kind)}")
        return
    add_recommender(
        Workspace.open(workspace),
        model,
        seed=seed,
        settings=read_settings(settings or [], "NAME=VALUE, such as --set dropout=0.3"),
        progress=not quiet,
        say=_say,
    )


@app.command()
def person(
    person_id: Annotated[str, typer.Argument(help="The id that was given as --person.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    sessions: SessionsOption = None,
    erase: Annotated[bool, typer.Option("--erase", help="Forget everything about this person.")] = False,
) -> None:
    """Show what is known of a person across sessions, or erase it."""
    with _open(workspace, "rules", Effort.FAST, sessions=sessions) as tm:
        known = tm.person(person_id)
        if erase:
            known.erase()
            _say(f"forgot everything about {person_id}")
            return
        for name, ids in known.taste:
            typer.echo(f"{name}: {', '.join(tm.mind.shelf.catalog[i].title for i in ids) or '-'}")


@app.command()
def doctor(workspace: WorkspaceOption = DEFAULT_WORKSPACE, llm: LlmOption = "local") -> None:
    """Say what is installed, which model answers, which data is there, and what to run next."""
    from tastemaker.ui.cli.doctor import examine

    findings = examine(workspace, llm)
    for finding in findings:
        typer.echo(f"{finding.mark} {finding.what}: {finding.state}")
    steps = [finding.remedy for finding in findings if finding.remedy]
    typer.echo(
        f"\nnext: {steps[0]}" if steps else f"\nall good; next: tastemaker web --workspace {workspace}"
    )


def _answer(session: Session, message: str, k: int, must_have_model: bool) -> Reply:
    """One turn. Without a fallback, a model that cannot be reached or refuses is a wrong setting."""
    from tastemaker.agent import Done
    from tastemaker.agent.events import Fallback

    for event in session.stream(message, k):
        if must_have_model and isinstance(event, Fallback) and event.error in WRONG_SETTING:
            raise ModelError(event.reason)
        if isinstance(event, Done):
            return event.reply
    raise RuntimeError("a turn ended without a reply")


def reply_json(reply: Reply) -> dict[str, object]:
    """The documented JSON of ``tastemaker recommend --json``."""
    fields = reply.model_dump(mode="json")
    order = ("items", "message", "question", "notes", "usage", "session", "trace")
    return {name: fields[name] for name in order}


def _open(
    workspace: Path,
    llm: str,
    effort: Effort,
    *,
    warm: bool = False,
    fallback: Sequence[str] = (),
    prices: Path | None = None,
    sessions: str | None = None,
    log: Path | None = None,
    explore: tuple[float, int] = (0.0, 20),
) -> Tastemaker:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch

    from tastemaker.agent import Tastemaker
    from tastemaker.agent.llm.limits import read_prices

    torch.set_num_threads(
        1
    )  # one person's query is too small for two, and two starve beside the language model
    priced = read_prices(prices) if prices else {}
    tm = Tastemaker.open(
        workspace, llm=llm, effort=effort, fallback=fallback, prices=priced, sessions=sessions, log=log,
        explore_share=explore[0], explore_pool=explore[1],
    )  # fmt: skip
    if warm:
        _say(f"warming up {llm}")
        tm.warm_up()
    return tm


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _first_line(kind: type[Recommender]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


if __name__ == "__main__":
    main()
