"""``tastemaker learn``: teach a workspace from logged conversations, or from what people liked in its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.ui.cli.console import say, write
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
            help="Learn from what people liked, disliked and accepted in the workspace's own chats."
        ),
    ] = False,
    recommender: Annotated[
        str | None, typer.Option(help="With --feedback, which to train; the one that serves if left out.")
    ] = None,
    file_format: DialogueFormat = None,
    ids: IdsOption = None,
    seed: SeedOption = 0,
    quiet: QuietOption = False,
) -> None:
    """Learn from logged conversations what is recommended when; the agent then ranks by it first.

    With --feedback the likes, dislikes and accepted items of the workspace's own chats join its log, and it is
    built again by them: a catalogue without a log gets its popularity and its recommender that way.
    Build the workspace again, and this must be run again.
    """
    if feedback == (dialogues is not None):
        raise ConfigError("give either a file of logged conversations, or --feedback")
    if feedback:
        _learn_from_feedback(workspace, recommender, seed, quiet)
        return
    if dialogues is not None:
        _learn_from_dialogues(dialogues, workspace, file_format, ids, seed, quiet)


def _learn_from_feedback(workspace: Path, recommender: str | None, seed: int, quiet: bool) -> None:
    from tastemaker.agent.feedback_events import events_of, with_feedback
    from tastemaker.retrieval.catalog.interactions import DISLIKE, LIKE
    from tastemaker.tools.workspace.build import build_workspace
    from tastemaker.tools.workspace.workspace import Workspace

    opened = Workspace.open(workspace)
    events = events_of(workspace / "feedback", opened.built_catalog)
    opinions = events.feedback.tolist() if events.feedback is not None else []
    build_workspace(
        workspace,
        opened.built_catalog,
        with_feedback(opened.log, events),
        recommender=recommender or opened.manifest.recommender,
        embedding=opened.manifest.embedding,
        store=opened.manifest.store,
        seed=seed,
        report=opened.manifest.report,
        progress=not quiet,
        say=(lambda _: None) if quiet else say,
    )
    write(
        f"learned from {len(events.users):,} conversations ({opinions.count(LIKE):,} likes, "
        f"{opinions.count(DISLIKE):,} dislikes); {workspace} ranks by them from now on"
    )


def _learn_from_dialogues(
    dialogues: Path,
    workspace: Path,
    file_format: str | None,
    ids: Path | None,
    seed: int,
    quiet: bool,
) -> None:
    from tastemaker.evals.dialogues.case import Names, link
    from tastemaker.evals.dialogues.files import read_dialogues
    from tastemaker.evals.dialogues.system import dialogue_context_of
    from tastemaker.tools.conversation_ranker.context_knn import LoggedContext
    from tastemaker.tools.conversation_ranker.ranker import ConversationRanker
    from tastemaker.tools.workspace.build import rewrite
    from tastemaker.tools.workspace.workspace import Workspace

    opened = Workspace.open(workspace)
    cases = link(read_dialogues(dialogues, file_format, ids), Names(opened.catalog))
    found = sum(len(case.gold) for case in cases)
    outside = sum(len(case.outside) for case in cases)
    if not found:
        raise DataError("no item that is recommended there is in this catalogue", dialogues)
    logged = [LoggedContext(case.group, dialogue_context_of(case), case.new) for case in cases]
    ranker = ConversationRanker.fit(opened.tool_context(), logged, seed=seed, progress=not quiet)
    with rewrite(opened, opened.conversation.name):
        ranker.save(opened.conversation)
    write(
        f"learned from {ranker.record['conversations']:,} conversations ({found:,} recommended items, {outside:,} more "
        f"are not in the catalogue); {workspace} ranks by it from now on"
    )
