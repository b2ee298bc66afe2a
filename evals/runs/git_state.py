"""Which commit is running."""

from __future__ import annotations

import subprocess
from pathlib import Path


def git_commit() -> str | None:
    """Hash of the code's commit, "-dirty" behind it where files differ; None outside of a git checkout."""
    here = Path(__file__).resolve().parent
    told = [_git(here, "rev-parse", "HEAD"), _git(here, "status", "--porcelain", "--untracked-files=no")]
    if told[0] is None:
        return None
    return told[0].strip() + ("-dirty" if told[1] and told[1].strip() else "")


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        command = ["git", "-C", str(folder), *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=10)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
