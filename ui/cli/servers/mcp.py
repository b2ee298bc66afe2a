"""``tastemaker mcp``: the agent for clients of the Model Context Protocol."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from tastemaker.ui.cli.console import say
from tastemaker.ui.cli.open_agent import open_agent
from tastemaker.ui.cli.options import (
    DEFAULT_LLM,
    DEFAULT_WORKSPACE,
    EffortOption,
    FallbackOption,
    HomeOption,
    LlmOption,
    ModelSizeOption,
    PrivateOption,
    SessionsOption,
    WorkspaceOption,
)


def mcp(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    llm: LlmOption = DEFAULT_LLM,
    fallback: FallbackOption = None,
    model_size: ModelSizeOption = None,
    effort: EffortOption = "fast",
    sessions: SessionsOption = None,
    home: HomeOption = None,
    private: PrivateOption = False,
    http: Annotated[
        int | None, typer.Option(help="Serve over HTTP on this port of loopback, instead of standard input.")
    ] = None,
) -> None:
    """Offer recommend, search, inspect and profile to any client of the Model Context Protocol."""
    from tastemaker.agent.mcp_server import mcp_server
    from tastemaker.ui.server.client_agent import ClientAgent, admit
    from tastemaker.ui.server.turn_slots import Load, TurnSlots

    with open_agent(
        workspace,
        llm,
        effort,
        fallback=fallback or (),
        model_size=model_size,
        sessions=sessions,
        home=home,
        private=private,
    ) as tm:
        if http is None:
            mcp_server(tm).run("stdio")
        else:
            slots = TurnSlots(Load(has_model=tm.model is not None))
            server = mcp_server(ClientAgent(tm), partial(admit, slots))
            say(f"http://127.0.0.1:{http}/mcp")
            server.run("streamable-http", host="127.0.0.1", port=http)
