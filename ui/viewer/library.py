"""The runs below a folder, in the groups that were run together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tastemaker.evals.runs.run_folder import Head
from tastemaker.retrieval.errors import DataError

HEAD_FILE, ROWS_FILE = "run.json", "rows.jsonl"
DEEPEST = 4
"""Folders below the one given in which runs are looked for."""


@dataclass(frozen=True)
class FoundRun:
    """A run on the disk.

    Attributes:
        name: its place below the folder that is shown, by which it is asked for.
        path: its folder.
        head: what ``run.json`` tells.
        cases: how many rows it has.
    """

    name: str
    path: Path
    head: Head
    cases: int


@dataclass(frozen=True)
class Library:
    """The runs below a folder, looked up anew each time: a run that grows is shown as it is."""

    root: Path

    def groups(self) -> dict[str, list[FoundRun]]:
        """Folder and kind -> its runs, the latest folder first."""
        found: dict[str, list[FoundRun]] = {}
        for run in self._runs():
            where = run.path.parent.relative_to(self.root).as_posix() if run.path != self.root else "."
            found.setdefault(f"{run.head['kind']} in {where}", []).append(run)
        latest = {group: max(str(run.head.get("made", "")) for run in runs) for group, runs in found.items()}
        return {group: found[group] for group in sorted(found, key=lambda one: latest[one], reverse=True)}

    def find(self, names: Sequence[str]) -> list[Path]:
        """The folders of runs by their names; a name that is none of them leads nowhere.

        Raises:
            DataError: no such run.
        """
        known = {run.name: run.path for run in self._runs()}
        for name in names:
            if name not in known:
                raise DataError(f"no run {name!r} below {self.root}; go back to the list of runs")
        return [known[name] for name in dict.fromkeys(names)]

    def _runs(self) -> Iterator[FoundRun]:
        for depth in range(DEEPEST + 1):
            for file in sorted(self.root.glob("/".join(["*"] * depth + [HEAD_FILE]))):
                head = _head(file)
                if head is not None:
                    folder = file.parent
                    name = folder.relative_to(self.root).as_posix() if folder != self.root else "."
                    yield FoundRun(name, folder, head, _lines(folder / ROWS_FILE))


def stamp(paths: Sequence[Path], baseline: str | None) -> str:
    """What changes as soon as one of these runs does."""
    files = [(path / name) for path in paths for name in (HEAD_FILE, ROWS_FILE)]
    told = [(str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.exists()]
    return hashlib.sha256(json.dumps([told, baseline]).encode()).hexdigest()[:24]


def _head(file: Path) -> Head | None:
    """The head of a run; None for a file of this name that is none."""
    try:
        head = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, OSError):
        return None
    return head if isinstance(head, dict) and "kind" in head and "system" in head else None


def _lines(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0
