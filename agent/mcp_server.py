"""The Model Context Protocol: recommend, search, inspect and profile for any client that speaks it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial, wraps
from importlib import metadata
from typing import Any

from anyio import to_thread
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError as ToldError

from tastemaker.agent.exported_tools import Agent, ExportedTools
from tastemaker.agent.mcp_cards import CARDS, WITH_CARDS, cards_app
from tastemaker.retrieval.errors import TastemakerError

INSTRUCTIONS = (
    "Recommends from one catalogue. Every item returned exists in it; stated conditions are never broken. "
    "Use recommend for a person's wish, search to explore, inspect before claiming anything about an item."
)


Admit = Callable[[], AbstractAsyncContextManager[object]]
"""Gives a block in which one turn runs; raises an error of ours where none may."""


def mcp_server(tm: Agent, admit: Admit = nullcontext) -> MCPServer:
    """A server over an open workspace; ``run("stdio")`` or ``run("streamable-http", host=..., port=...)``.

    Args:
        tm: what answers.
        admit: lets a turn in, where others share the machine.
    """
    apps, others = cards_app(tm.resources.tool_context.catalog), dict[str, tuple[Callable[..., Any], str]]()
    for name, (function, description) in ExportedTools(tm).functions().items():
        telling = _telling(function, admit if name == ExportedTools.recommend.__name__ else nullcontext)
        if name in WITH_CARDS:
            apps.tool(resource_uri=CARDS, name=name, description=description)(telling)
        else:
            others[name] = (telling, description)
    server = MCPServer(
        "tastemaker",
        instructions=INSTRUCTIONS,
        version=metadata.version("tastemaker"),
        log_level="WARNING",
        extensions=[apps],
    )
    for name, (function, description) in others.items():
        server.add_tool(function, name=name, description=description)
    return server


def _telling(function: Callable[..., Any], admit: Admit) -> Callable[..., Any]:
    """Errors of ours go to the client's model as they are; any other is a bug and keeps its traceback."""

    @wraps(function)
    async def call(*args: Any, **arguments: Any) -> Any:
        try:
            async with admit():
                return await to_thread.run_sync(partial(function, *args, **arguments))
        except TastemakerError as error:
            raise ToldError(str(error)) from error

    return call
