"""``tastemaker web``: the chat page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tastemaker.ui.cli.build import build
from tastemaker.ui.cli.open_agent import open_agent
from tastemaker.ui.cli.options import (
    DEFAULT_LLM,
    DEFAULT_WORKSPACE,
    EffortOption,
    FallbackOption,
    HomeOption,
    LlmOption,
    LogOption,
    ModelSizeOption,
    PersonOption,
    PoolOption,
    PrivateOption,
    SessionsOption,
    ShareOption,
    WorkspaceOption,
)


def web(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    data: Annotated[
        str | None, typer.Option(help="Build the workspace from this data set if it is missing.")
    ] = None,
    llm: LlmOption = DEFAULT_LLM,
    fallback: FallbackOption = None,
    model_size: ModelSizeOption = None,
    effort: EffortOption = "balanced",
    sessions: SessionsOption = None,
    home: HomeOption = None,
    private: PrivateOption = False,
    log: LogOption = None,
    explore_share: ShareOption = 0.0,
    explore_pool: PoolOption = 20,
    person: PersonOption = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; beyond loopback the page asks for a token.")
    ] = "127.0.0.1",
    no_auth: Annotated[
        bool, typer.Option("--no-auth", help="Beyond loopback, let in everybody; else a token is asked for.")
    ] = False,
    brand: Annotated[
        Path | None, typer.Option(help="TOML with a [brand] table: name, logo, colours, greeting, examples.")
    ] = None,
    lang: Annotated[
        str | None, typer.Option(help="Language of the page: en, de, es or fr; each browser's unless given.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port; the next free one is taken if it is in use.")] = 7860,
) -> None:
    """Serve the chat page; prints its URL last."""
    from tastemaker.tools.workspace.versions import is_workspace
    from tastemaker.ui.server.turn_slots import Load, TurnSlots
    from tastemaker.ui.views.brand import Brand, read_brand
    from tastemaker.ui.web.page import PageTurns
    from tastemaker.ui.web.server import serve

    presented = read_brand(brand) if brand else Brand()
    if data and not is_workspace(workspace):
        build(workspace=workspace, data=data)
    with open_agent(
        workspace,
        llm,
        effort,
        warm=True,
        wait=False,
        fallback=fallback or (),
        model_size=model_size,
        sessions=sessions,
        home=home,
        private=private,
        log=log,
        explore=(explore_share, explore_pool),
    ) as tm:
        load = Load(has_model=tm.model is not None)
        serve(
            tm,
            host=host,
            port=port,
            person=person,
            no_auth=no_auth,
            language=lang,
            brand=presented,
            turns=PageTurns(TurnSlots(load).hold, load.most),
        )
