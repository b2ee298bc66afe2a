"""``tastemaker chat``: the chat in a terminal, events as they happen, then the reply."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tastemaker.retrieval.errors import ConfigError, QueryError
from tastemaker.ui.cli.chat_commands import ChatCommands
from tastemaker.ui.cli.console import draw, draw_table, say, say_error, spinner
from tastemaker.ui.cli.open_agent import open_agent
from tastemaker.ui.cli.options import (
    DEFAULT_LLM,
    DEFAULT_WORKSPACE,
    EffortOption,
    FallbackOption,
    HomeOption,
    ItemsPerTurn,
    LlmOption,
    LogOption,
    ModelSizeOption,
    PersonOption,
    PoolOption,
    PrivateOption,
    SessionOption,
    SessionsOption,
    ShareOption,
    WorkspaceOption,
)

if TYPE_CHECKING:
    from rich.console import Group, RenderableType

    from tastemaker.agent import Reply, Session


def chat(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    llm: LlmOption = DEFAULT_LLM,
    fallback: FallbackOption = None,
    model_size: ModelSizeOption = None,
    effort: EffortOption = "balanced",
    session: SessionOption = None,
    person: PersonOption = None,
    sessions: SessionsOption = None,
    home: HomeOption = None,
    private: PrivateOption = False,
    log: LogOption = None,
    explore_share: ShareOption = 0.0,
    explore_pool: PoolOption = 20,
    k: ItemsPerTurn = 5,
) -> None:
    """Chat in the terminal. An empty line or Ctrl-D ends it."""
    with open_agent(
        workspace,
        llm,
        effort,
        warm=True,
        fallback=fallback or (),
        model_size=model_size,
        sessions=sessions,
        home=home,
        private=private,
        log=log,
        explore=(explore_share, explore_pool),
    ) as tm:
        conversation = tm.session(session, person=person)
        _converse(conversation, ChatCommands(conversation, tm.resources.tool_context.catalog), k)


def _converse(session: Session, commands: ChatCommands, k: int) -> None:
    """Read messages and commands from standard input until an empty line or its end."""
    if sys.stdin.isatty():
        import readline  # noqa: F401 - the arrow keys then edit the line and recall earlier ones
    say("What are you in the mood for, or what did you like? (/help for commands, empty line to leave)")
    while True:
        try:
            message = input("you> " if sys.stdin.isatty() else "")
        except EOFError:
            break
        if not message.strip():
            break
        try:
            if not message.startswith("/"):
                _turn(session, message, k)
            elif not commands.run(message):
                break
        except (ConfigError, QueryError, ValueError) as error:
            say_error(error)
    say(f"to go on later: tastemaker chat --session {session.id}")


def _turn(session: Session, message: str, k: int) -> None:
    from tastemaker.agent import CardsByRules, Done, ToolCalled
    from tastemaker.agent.events import Fallback, ModelSwitched

    reply: Reply | None = None
    with spinner("thinking"):
        for event in session.stream(message, k):
            if isinstance(event, CardsByRules):
                titles = ", ".join(card.title for card in event.cards)
                say(f"  … by rules, while the model is asked: {titles}")
            elif isinstance(event, ToolCalled):
                say(f"  … {event.tool}: {event.found} found")
            elif isinstance(event, ModelSwitched):
                say(f"  … {event.model} failed, asking the next: {event.reason}")
            elif isinstance(event, Fallback):
                say(f"  … {event.step} without the model: {event.reason}")
            elif isinstance(event, Done):
                reply = event.reply
    if reply is not None:
        draw(draw_reply(reply), f"{reply.text}\n")


def draw_reply(reply: Reply) -> Group:
    """A reply as rich draws it: notes and words, the cards as a table, the question."""
    from rich.console import Group
    from rich.text import Text

    rows = [(str(place), card.title, card.reason) for place, card in enumerate(reply.items, 1)]
    parts: list[RenderableType] = [Text(note, style="dim") for note in reply.notes]
    parts += [Text(reply.message)] if reply.message else []
    parts += [draw_table(("", "title", "why"), rows)] if rows else []
    parts += [Text(reply.question, style="bold")] if reply.question else []
    return Group(*parts, Text())
