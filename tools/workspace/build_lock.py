"""One build at a time changes a workspace; what only needs the lock need not import what builds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.tools.workspace.versions import LOCK, claim


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """While the block runs, no other build changes the workspace at ``path``.

    Raises:
        WorkspaceError: one is at work.
    """
    claim(path)
    lock = FileLock(path / LOCK, timeout=0)
    try:
        with lock:
            yield
    except Timeout:
        raise WorkspaceError(
            f"another build of {path} is at work; wait for it, or choose another --workspace"
        ) from None
