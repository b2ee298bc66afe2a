"""``tastemaker person``: what is known of somebody."""

from __future__ import annotations

from typing import Annotated

import typer

from tastemaker.ui.cli.console import say, write
from tastemaker.ui.cli.open_agent import open_agent
from tastemaker.ui.cli.options import DEFAULT_WORKSPACE, HomeOption, SessionsOption, WorkspaceOption


def person(
    person_id: Annotated[str, typer.Argument(help="The id that was given as --person.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    sessions: SessionsOption = None,
    home: HomeOption = None,
    erase: Annotated[bool, typer.Option("--erase", help="Forget everything about this person.")] = False,
) -> None:
    """Show what is known of a person across sessions, or erase it."""
    with open_agent(workspace, "rules", "fast", sessions=sessions, home=home) as tm:
        known = tm.person(person_id)
        if erase:
            known.erase()
            say(f"forgot everything about {person_id}")
            return
        for name, ids in known.taste:
            write(f"{name}: {', '.join(tm.resources.tool_context.catalog[i].title for i in ids) or '-'}")
