"""The recommender of a workspace, for whoever ranks without a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tastemaker.tools.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tastemaker.recommenders import Recommender


def model_of(workspace: Workspace) -> Recommender:
    """Raises WorkspaceError where it cannot be read."""
    from tastemaker.recommenders import load_recommender

    return load_recommender(
        workspace.recommenders / workspace.manifest.recommender,
        workspace.catalog,
        workspace.embedder,
        grown=workspace.manifest.grown,
    )
