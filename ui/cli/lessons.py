"""What a workspace was taught, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tastemaker.evals.dialogues.teach import Taught


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
