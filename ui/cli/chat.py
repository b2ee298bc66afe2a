"""``tastemaker chat``: the chat in a terminal, events as they happen, then the reply."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tastemaker.retrieval.errors import QueryError
from tastemaker.ui.cli.console import say, say_error, spinner, write
from tastemaker.ui.cli.open_agent import open_agent
from tastemaker.ui.cli.options import (
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
    from tastemaker.agent import Session


def chat(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    llm: LlmOption = "local",
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
        _converse(tm.session(session, person=person), k)


def _converse(session: Session, k: int) -> None:
    """Read messages from standard input until an empty line or its end."""
    say("What are you in the mood for, or what did you like? (empty line to leave)")
    while True:
        try:
            message = input("you> " if sys.stdin.isatty() else "")
        except EOFError:
            break
        if not message.strip():
            break
        try:
            _turn(session, message, k)
        except QueryError as error:
            say_error(error)
    say(f"to go on later: tastemaker chat --session {session.id}")


def _turn(session: Session, message: str, k: int) -> None:
    from tastemaker.agent import CardsByRules, Done, ToolCalled
    from tastemaker.agent.events import Fallback, ModelSwitched

    reply = ""
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
                reply = event.reply.text
    write(f"{reply}\n")
