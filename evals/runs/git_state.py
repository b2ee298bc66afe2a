"""Which code is running."""

from __future__ import annotations

import hashlib
import subprocess
from functools import cache
from pathlib import Path

PARTS = ("agent", "tools", "retrieval", "recommenders", "evals")
SUFFIXES = {".py", ".toml", ".jsonl", ".npz", ".tsv"}
"""Of the files that may change an answer; prompts have hashes of their own."""


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


@cache
def code_sha256() -> str:
    """Hash of the code and the rules and weights beside it, in hexadecimal; of what is installed, with git or not."""
    root, found = Path(__file__).resolve().parents[2], hashlib.sha256()
    for path in sorted(path for part in PARTS for path in (root / part).rglob("*")):
        if path.suffix in SUFFIXES and path.is_file():
            found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
