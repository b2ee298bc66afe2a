"""``tastemaker person``: what is known of somebody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.ui.cli.console import say, write
from tastemaker.ui.cli.open_agent import open_agent
from tastemaker.ui.cli.options import DEFAULT_WORKSPACE, HomeOption, SessionsOption, WorkspaceOption


def person(
    person_id: Annotated[str, typer.Argument(help="The id that was given as --person.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    sessions: SessionsOption = None,
    home: HomeOption = None,
    export: Annotated[
        Path | None, typer.Option(help="Write all that is kept of this person to a JSON file.")
    ] = None,
    erase: Annotated[bool, typer.Option("--erase", help="Forget everything about this person.")] = False,
) -> None:
    """Show what is known of a person across sessions, write it all to a file, or erase it."""
    with open_agent(workspace, "rules", "fast", sessions=sessions, home=home) as tm:
        known = tm.person(person_id)
        if export:
            from tastemaker.agent.person_export import export_person

            everything = json.dumps(export_person(tm, person_id), ensure_ascii=True, indent=1)
            write_atomically(export, everything.encode())
            say(f"all that is kept of {person_id} is in {export}")
        if erase:
            known.erase()
            say(f"forgot everything about {person_id}")
            return
        if export:
            return
        for name, ids in known.taste:
            write(f"{name}: {', '.join(tm.resources.tool_context.catalog[i].title for i in ids) or '-'}")
