"""Teaching a workspace by its own conversations, and what it was taught, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tastemaker.retrieval.errors import DataError
from tastemaker.ui.cli.console import say, write

if TYPE_CHECKING:
    from tastemaker.evals.dialogues.teach import Taught


def rebuild_with_feedback(
    workspace: Path, log: Path, recommender: str | None, seed: int, quiet: bool
) -> DataError | None:
    """Build a workspace again with what people liked, disliked and accepted in its conversations.

    Returns:
        why there was nothing to build by; None where it was built.
    """
    from tastemaker.agent.feedback_events import events_of, with_feedback
    from tastemaker.retrieval.catalog.interactions import DISLIKE, LIKE
    from tastemaker.tools.workspace.build import build_workspace
    from tastemaker.tools.workspace.workspace import Workspace

    opened = Workspace.open(workspace)
    try:
        events = events_of(log, opened.built_catalog)
    except DataError as error:
        return error
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
        asks=opened.built_asks,
        progress=not quiet,
        say=(lambda _: None) if quiet else say,
    )
    write(
        f"learned from {len(events.users):,} conversations ({opinions.count(LIKE):,} likes, "
        f"{opinions.count(DISLIKE):,} dislikes); {workspace} ranks by them from now on"
    )
    return None


def describe_lessons(taught: Taught, workspace: Path) -> str:
    """One line for the terminal."""
    parts = []
    if taught.found or taught.outside:
        parts.append(f"{taught.found:,} recommended items, {taught.outside:,} more are not in the catalogue")
    if taught.feedback:
        gone = f", {taught.feedback.unknown:,} items unknown" if taught.feedback.unknown else ""
        parts.append(f"{taught.feedback.events:,} events of {taught.feedback.sessions:,} own sessions{gone}")
    if taught.earlier:
        parts.append(f"{taught.earlier:,} moments from before")
    if not taught.fitted:
        return (
            f"{taught.moments:,} moments ({'; '.join(parts)}) are too few to rank by; they count once there are "
            f"more, and {workspace} ranks as before"
        )
    learned = f"learned from {taught.conversations:,} conversations ({'; '.join(parts)})"
    return f"{learned}; {workspace} ranks by it from now on"
