"""``tastemaker learn``: teach a workspace from logged conversations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tastemaker.retrieval.errors import DataError
from tastemaker.ui.cli.console import write
from tastemaker.ui.cli.options import DialogueFormat, IdsOption, QuietOption, SeedOption, WorkspaceOption


def learn(
    dialogues: Annotated[
        Path, typer.Argument(help="Logged conversations; see `tastemaker eval dialogues --schema`.")
    ],
    workspace: WorkspaceOption,
    file_format: DialogueFormat = None,
    ids: IdsOption = None,
    seed: SeedOption = 0,
    quiet: QuietOption = False,
) -> None:
    """Learn from logged conversations what is recommended when; the agent then ranks by it first.

    Build the workspace again, and this must be run again.
    """
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
