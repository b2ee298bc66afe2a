"""A workspace that a newer version of Tastemaker built is not replaced by an older one without a word."""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path

from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.tools.workspace.manifest import FORMAT
from tastemaker.tools.workspace.versions import MANIFEST, current_folder


def refuse_newer(path: Path) -> None:
    """Check who built the workspace at ``path``, if there is one.

    Raises:
        WorkspaceError: a newer version did.
    """
    folder = current_folder(path)
    if folder is None:
        return
    try:
        told = json.loads((folder / MANIFEST).read_bytes())
        made_in, by = int(told["format"]), str(told["versions"]["tastemaker"])
    except (OSError, ValueError, KeyError, TypeError):
        return  # broken: it is about to be made anew
    own = metadata.version("tastemaker")
    if made_in > FORMAT or release(by) > release(own):
        raise WorkspaceError(
            f"{path} was built by Tastemaker {by} (workspace format {made_in}), which is newer than this one ({own},"
            f" format {FORMAT}); update Tastemaker, choose another --workspace, or move it away to build it anew"
        )


def release(version: str) -> tuple[int, ...]:
    """The numbers of a version, for comparing.

    >>> release("0.10.0rc1") > release("0.9.3")
    True
    """
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()
