"""``tastemaker recommend``: one turn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tastemaker.retrieval.errors import ConfigError, ModelError
from tastemaker.ui.cli.console import say, spinner, write, write_json
from tastemaker.ui.cli.open_agent import open_agent
from tastemaker.ui.cli.options import (
    DEFAULT_LLM,
    DEFAULT_WORKSPACE,
    EffortOption,
    FallbackOption,
    HomeOption,
    ItemsPerTurn,
    JsonOption,
    LlmOption,
    LogOption,
    ModelSizeOption,
    PersonOption,
    PoolOption,
    PricesOption,
    QuietOption,
    SessionOption,
    SessionsOption,
    ShareOption,
    TitlesOption,
    WorkspaceOption,
)

if TYPE_CHECKING:
    from tastemaker.agent import Reply, Session

WRONG_SETTING = ("ModelUnreachable", "ModelBusy", "ModelRefused")


def recommend(
    message: Annotated[str, typer.Option("--message", "-m", help="What the person says.")] = "",
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    liked: TitlesOption = None,
    disliked: TitlesOption = None,
    k: ItemsPerTurn = 5,
    llm: LlmOption = DEFAULT_LLM,
    fallback: FallbackOption = None,
    model_size: ModelSizeOption = None,
    prices: PricesOption = None,
    effort: EffortOption = "balanced",
    session: SessionOption = None,
    person: PersonOption = None,
    sessions: SessionsOption = None,
    home: HomeOption = None,
    log: LogOption = None,
    explore_share: ShareOption = 0.0,
    explore_pool: PoolOption = 20,
    as_json: JsonOption = False,
    everybody: Annotated[
        bool, typer.Option("--all", help="No turn: the best items for everybody in the log, into --out.")
    ] = False,
    people: Annotated[
        Path | None,
        typer.Option(help="Likewise for the people of a Parquet file: columns user and items (ids)."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(help="For --all or --people: a Parquet file, or a postgresql:// or redis:// URL."),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(help="For --all or --people: rank on this Ray cluster; local starts one here."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes on that cluster.")] = 2,
    quiet: QuietOption = False,
) -> None:
    """One turn: recommend for a few liked titles and a message; or with --all the best items for everybody."""
    if everybody or people or out or ray:
        _rank_everybody(workspace, everybody, people, out, k, not quiet, ray or "", workers)
        return
    if not message and not liked:
        raise ConfigError("give --message TEXT, --liked TITLE, or both")
    with open_agent(
        workspace,
        llm,
        effort,
        fallback=fallback or (),
        model_size=model_size,
        prices=prices,
        sessions=sessions,
        home=home,
        log=log,
        explore=(explore_share, explore_pool),
    ) as tm:
        conversation = tm.session(session, liked=liked or (), disliked=disliked or (), person=person)
        with spinner("thinking"):
            reply = _answer(
                conversation, message or "What would I like next?", k, must_have_model=not fallback
            )
    if as_json:
        write_json(reply_json(reply))
    else:
        write(reply.text)


def _rank_everybody(
    workspace: Path,
    everybody: bool,
    people: Path | None,
    out: str | None,
    k: int,
    progress: bool,
    ray: str,
    workers: int,
) -> None:
    """No session and no model: the recommender alone, as fast as it is."""
    if out is None or everybody == (people is not None):
        raise ConfigError("give --out FILE together with either --all or --people FILE")
    from tastemaker.tools.workspace.batch.target import without_password
    from tastemaker.tools.workspace.batch_ranking import rank_people
    from tastemaker.tools.workspace.workspace import Workspace

    report = rank_people(Workspace.open(workspace), out, k, people, progress, ray=ray, workers=workers)
    earlier = f", {report.earlier:,} more from the run before" if report.earlier else ""
    say(f"{report.people:,} people{earlier}: {without_password(out)}")


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
