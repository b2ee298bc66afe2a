"""Take people out of the logs that a workspace's versions were built with, those of a build that was stopped too.

What models learned of them stays in their weights until the next training; no id and no row of theirs does.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import numpy as np

from tastemaker.retrieval.atomic_write import replace_file, write_atomically
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.tools.workspace.build_lock import alone
from tastemaker.tools.workspace.checksums import checksum
from tastemaker.tools.workspace.data_files import read_interactions, write_interactions
from tastemaker.tools.workspace.manifest import Manifest, is_as_written
from tastemaker.tools.workspace.versions import LOG, MANIFEST, version_folders


def forget_people(path: Path, people: Collection[str]) -> int:
    """Remove the events of these users from every version of the workspace at ``path``; how many there were.

    Killed in between, every version opens, and the rest is removed when it is asked for again.

    Raises:
        WorkspaceError: a build is at work there.
        OSError: a log that knows them can't be written.
    """
    folders = version_folders(path)
    holding = [folder for folder in folders if _knows(folder / LOG, people)]
    if not holding and not any(map(_leftovers, folders)):
        return 0
    with alone(path):
        for left in (file for folder in folders for file in _leftovers(folder)):
            left.unlink(missing_ok=True)
        return sum(_forget(folder, people) for folder in holding)


def _leftovers(folder: Path) -> list[Path]:
    """Logs that somebody who was killed had begun to write; nobody reads them, and they know people."""
    return list(folder.glob(f".{LOG}.*"))


def _knows(file: Path, people: Collection[str]) -> bool:
    return file.is_file() and not set(people).isdisjoint(read_interactions(file).users)


def _forget(folder: Path, people: Collection[str]) -> int:
    log = read_interactions(folder / LOG)
    codes = [code for code, user in enumerate(log.users) if user in set(people)]
    kept = ~np.isin(log.user, codes)
    _note_checksum(folder, known=False)
    with replace_file(folder / LOG) as file:
        write_interactions(Path(file.name), _only(log, kept))
    _note_checksum(folder, known=True)
    return int((~kept).sum())


def _only(log: Interactions, kept: np.typing.NDArray[np.bool_]) -> Interactions:
    known = log.context_of(kept)
    return Interactions.from_columns(
        [log.users[code] for code in log.user[kept]],
        log.item[kept],
        log.timestamp[kept],
        None if log.rating is None else log.rating[kept],
        feedback=None if log.feedback is None else log.feedback[kept],
        context=None if known is None else {name: values.tolist() for name, values in known.items()},
    )


def _note_checksum(folder: Path, *, known: bool) -> None:
    """Before and after the log is written anew, so that no checksum is ever that of another log."""
    if not (folder / MANIFEST).is_file():
        return  # a build that was stopped: it writes its checksums last
    try:
        raw = json.loads((folder / MANIFEST).read_bytes())
    except ValueError:
        raw = None
    if not isinstance(raw, dict) or not is_as_written(raw):
        return  # it does not open, and a new checksum would hide that
    manifest = Manifest.model_validate(raw)
    if not manifest.files:
        return
    files = {name: digest for name, digest in manifest.files.items() if name != LOG}
    if known:
        files[LOG] = checksum(folder / LOG)
    write_atomically(folder / MANIFEST, manifest.model_copy(update={"files": files}).to_bytes())
