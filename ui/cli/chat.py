"""The chat in a terminal: events as they happen, then the reply."""

from __future__ import annotations

import sys

import typer

from tastemaker.agent import Done, Session, ToolCalled
from tastemaker.agent.events import Fallback, ModelSwitched
from tastemaker.retrieval.errors import QueryError


def converse(session: Session, k: int) -> None:
    """Read messages from standard input until an empty line or its end."""
    typer.echo("What are you in the mood for, or what did you like? (empty line to leave)", err=True)
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
            typer.echo(f"error: {error}", err=True)
    typer.echo(f"to go on later: tastemaker chat --session {session.id}", err=True)


def _turn(session: Session, message: str, k: int) -> None:
    for event in session.stream(message, k):
        if isinstance(event, ToolCalled):
            typer.echo(f"  … {event.tool}: {event.found} found", err=True)
        elif isinstance(event, ModelSwitched):
            typer.echo(f"  … {event.model} failed, asking the next: {event.reason}", err=True)
        elif isinstance(event, Fallback):
            typer.echo(f"  … {event.step} without the model: {event.reason}", err=True)
        elif isinstance(event, Done):
            typer.echo(f"{event.reply.text}\n")
