"""Every file of a workspace damaged in every way: it is opened and answers, or says in one line what is wrong.

Files that a build made and files that use made, one at a time, on a copy each. All copies lie in the same place,
so that checksums, which a process compares once, hide nothing from whoever reads the files.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from tastemaker.agent import Tastemaker
from tastemaker.agent.event_log import append_events
from tastemaker.agent.feedback import read_feedback
from tastemaker.agent.memory.retention import Retention
from tastemaker.agent.person_export import export_person
from tastemaker.retrieval.errors import TastemakerError
from tastemaker.tools.workspace.workspace import Workspace

Harm = Callable[[Path], object]
PERSON, SESSION = "ann", "talk"


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    if content:
        content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _fill(file: Path) -> None:
    file.write_bytes(bytes(range(256)) * 8)


def _make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


HARMS: Mapping[str, Harm] = {
    "a bit flipped": _flip,
    "cut in half": _cut,
    "emptied": lambda file: file.write_bytes(b""),
    "removed": Path.unlink,
    "other bytes": _fill,
    "zeros": lambda file: file.write_bytes(b"\0" * file.stat().st_size),
    "JSON of another shape": lambda file: file.write_text('[{"a": null}, 7]\n'),
    "a folder in its place": _make_folder,
}


def use(path: Path) -> None:
    """A conversation, its records, events and settings, so that there are files of each kind."""
    with Tastemaker.open(path) as tm:
        session = tm.session(SESSION, person=PERSON)
        session.send("a drama from 1980 on")
        tm.prune(Retention(compress_days=0))
        session.send("another one")
        session.like(session.last_items[0].id)
    append_events(path, [{"user": PERSON, "item": "f1", "kind": "liked"}])
    (path / "retention.toml").write_text("days = 90\n", encoding="utf-8")


def cases(path: Path) -> Iterator[tuple[str, str]]:
    """(file within the workspace, harm) of all that is tried; locks and Chroma's own folder are left out.

    No log becomes a folder: nothing that damages files does that, and a person could not be erased from it.
    """
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if file.is_file() and "chroma" not in name and "lock" not in name:
            is_log = name.startswith(("traces/", "feedback/", "events/"))
            yield from ((name, harm) for harm in HARMS if not (is_log and HARMS[harm] is _make_folder))


def try_harm(path: Path, copy: Path, name: str, harm: str) -> str:
    """What went wrong with a damaged copy; "" where it answered, or said what was wrong as an error of ours."""
    shutil.copytree(path, copy, symlinks=True)
    try:
        HARMS[harm](copy / name)
        look_at(copy)
    except TastemakerError as error:
        return "" if "\n" not in str(error).strip() else f"{name}, {harm}: more than a line: {error}"[:300]
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return f"{name}, {harm}: {type(error).__name__}: {error}"[:300]
    finally:
        shutil.rmtree(copy)
    return ""


def look_at(path: Path) -> None:
    """All that reads: open, answer, go on, read the logs, export, prune, erase."""
    workspace = Workspace.open(path)
    with Tastemaker(workspace) as tm:
        tm.session().send("something funny", 2)
        session = tm.session(SESSION, person=PERSON)
        session.send("more", 2)
        list(session.trace.read())
        list(read_feedback(path / "feedback" / f"{SESSION}.jsonl"))
        export_person(tm, PERSON)
        tm.prune()
        tm.person(PERSON).erase()


def run(path: Path, scratch: Path, tried: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What went wrong in each of :func:`cases`; "" where nothing did.

    Raises:
        Exception: the copy without any harm is not whole.
    """
    shutil.copytree(path, scratch / "whole", symlinks=True)
    look_at(scratch / "whole")
    return {f"{name}, {harm}": try_harm(path, scratch / "copy", name, harm) for name, harm in tried}
