"""Teach a workspace from logged conversations, its own sessions among them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tastemaker.agent.feedback_moments import FeedbackMoments, read_moments
from tastemaker.evals.dialogues.case import Names, link
from tastemaker.evals.dialogues.files import read_dialogues
from tastemaker.evals.dialogues.system import logged_contexts
from tastemaker.evals.runs.run_folder import file_sha256
from tastemaker.retrieval.errors import ConfigError, DataError, WorkspaceError
from tastemaker.tools.conversation_ranker.context_knn import LoggedContext
from tastemaker.tools.conversation_ranker.lesson_store import join_lessons, read_lessons, write_lessons
from tastemaker.tools.conversation_ranker.ranker import MIN_CASES, ConversationRanker
from tastemaker.tools.tool_context import ToolContext
from tastemaker.tools.workspace.build import rewrite
from tastemaker.tools.workspace.workspace import Workspace

NEWEST = 3_000
"""Moments of our own sessions that are learned from word by word, the latest: reading one takes 20 ms and more.
All others are counted: who names what, when, and beside what."""


@dataclass(frozen=True)
class Taught:
    """What a workspace was taught.

    Attributes:
        conversations, moments: learned from.
        found, outside: recommended items of the file in the catalogue, and outside of it; 0 without a file.
        earlier: moments that were known from before.
        feedback: what the workspace's own sessions gave, if they were read.
        fitted: False where moments are too few: they are kept for the next time, and the ranker is as it was.
    """

    conversations: int
    moments: int
    found: int
    outside: int
    earlier: int
    feedback: FeedbackMoments | None
    fitted: bool


def teach(
    workspace: Path | str,
    dialogues: Path | None = None,
    *,
    file_format: str | None = None,
    ids: Path | None = None,
    feedback: Path | None = None,
    go_on: bool = False,
    seed: int = 0,
    progress: bool = False,
) -> Taught:
    """Learn from logged conversations what is recommended when; the agent then ranks by it first.

    The moments of a file are kept in the workspace, so that it can go on from them; those of its own sessions are not:
    they are read again from the log each time, so that what is erased there is forgotten here.

    Args:
        workspace: folder that ``tastemaker build`` wrote.
        dialogues: file of logged conversations; None for none.
        file_format, ids: of that file, see :func:`tastemaker.evals.dialogues.files.read_dialogues`.
        feedback: folder of the feedback log of our own sessions; None leaves it unread.
        go_on: learn from what was learned before, too; without it, that is forgotten.
        seed: of fitting.
        progress: show a bar.

    Raises:
        ConfigError: nothing to learn from was named.
        DataError: a file cannot be read, names nothing of this catalogue, or has too few moments.
        WorkspaceError: no workspace there.
    """
    if dialogues is None and feedback is None and not go_on:
        raise ConfigError("give a file of logged conversations, or --feedback, or --continue after a build")
    opened = Workspace.open(workspace)
    before = read_lessons(opened.path, opened.catalog) if go_on else []
    if go_on and not before and dialogues is None and feedback is None:
        raise DataError("nothing was learned before; give a file of logged conversations", opened.path)
    told = list[LoggedContext]()
    found = outside = 0
    if dialogues is not None:
        cases = link(read_dialogues(dialogues, file_format, ids), Names(opened.catalog))
        found = sum(len(case.gold) for case in cases)
        outside = sum(len(case.outside) for case in cases)
        if not found:
            raise DataError("no item that is recommended there is in this catalogue", dialogues)
        told = logged_contexts(cases)
    lessons = join_lessons(before, told, dialogues.name if dialogues else "")
    own = read_moments(feedback, opened.catalog, NEWEST) if feedback else None
    logged = [*lessons, *(own.moments if own else ())]
    conversations = len({one.conversation for one in logged})
    taught = Taught(conversations, len(logged), found, outside, len(before), own, fitted=True)
    if dialogues is None and sum(bool(one.named) for one in logged) < MIN_CASES:
        return replace(taught, fitted=False)
    tool_context = opened.tool_context(taught=False)  # what an older version taught may not open
    ranker = ConversationRanker.fit(tool_context, logged, seed=seed, progress=progress)
    own_file = [{"name": dialogues.name, "sha256": file_sha256(dialogues)}] if dialogues else []
    files = _files_of(opened, tool_context) if go_on else []
    ranker.record["files"] = [*files, *(one for one in own_file if one not in files)]
    if own:
        ranker.record["feedback"] = {"sessions": own.sessions, "events": own.events}
    with rewrite(opened, opened.conversation.name):
        ranker.save(opened.conversation)
    write_lessons(opened.path, lessons)
    return taught


def _files_of(workspace: Workspace, tool_context: ToolContext) -> list[object]:
    """What the workspace's ranker says that it learned from; nothing where there is none that opens."""
    try:
        told = ConversationRanker.load(workspace.conversation, tool_context).record.get("files")
    except WorkspaceError:
        return []
    return list(told) if isinstance(told, list) else []
