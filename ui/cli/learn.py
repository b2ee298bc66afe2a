"""``tastemaker learn``: teach a workspace from logged conversations, or from what people did in its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tastemaker.ui.cli.console import write
from tastemaker.ui.cli.lessons import describe_lessons, rebuild_with_feedback
from tastemaker.ui.cli.options import (
    DEFAULT_WORKSPACE,
    DialogueFormat,
    IdsOption,
    QuietOption,
    SeedOption,
    WorkspaceOption,
)


def learn(
    dialogues: Annotated[
        Path | None, typer.Argument(help="Logged conversations; see `tastemaker eval dialogues --schema`.")
    ] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    feedback: Annotated[
        bool,
        typer.Option(
            "--feedback", help="Learn from the workspace's own sessions, as their feedback log tells."
        ),
    ] = False,
    recommender: Annotated[
        str | None, typer.Option(help="With --feedback, which to train; the one that serves if left out.")
    ] = None,
    log: Annotated[
        Path | None, typer.Option(help="Folder of that log; the one in the workspace by default.")
    ] = None,
    go_on: Annotated[
        bool,
        typer.Option("--continue", help="Learn from what was learned before, too; also after another build."),
    ] = False,
    file_format: DialogueFormat = None,
    ids: IdsOption = None,
    seed: SeedOption = 0,
    quiet: QuietOption = False,
) -> None:
    """Learn from logged conversations what is recommended when; the agent then ranks by it first.

    With --feedback the likes, dislikes and accepted items of the workspace's own chats join its log, and it is
    built again by them (a catalogue without a log gets its popularity and its recommender that way); then what people
    named when is learned. A served workspace that runs `learn --feedback --continue` every night keeps up with them.
    What was said lately weighs more, by a half-life fitted on the latest conversations.
    Build the workspace again, and this must be run again with --continue.
    """
    from tastemaker.evals.dialogues.teach import teach

    own = (log or workspace / "feedback") if feedback else None
    missing = rebuild_with_feedback(workspace, own, recommender, seed, quiet) if own else None
    taught = teach(
        workspace,
        dialogues,
        file_format=file_format,
        ids=ids,
        feedback=own,
        go_on=go_on,
        seed=seed,
        progress=not quiet,
    )
    if missing and not taught.fitted:
        raise missing
    write(describe_lessons(taught, workspace))
