"""The command that is running, as a person can run it again."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path


def shell_command() -> str:
    """The command as typed, folders left out: a result tells nothing of the machine's layout."""
    return shlex.join(["tastemaker", *map(_without_folder, sys.argv[1:])])


def _without_folder(word: str) -> str:
    """``--json=results/x.json`` as ``--json=x.json``."""
    option, equals, value = word.rpartition("=")
    return f"{option}{equals}{Path(value).name if '/' in value else value}"
