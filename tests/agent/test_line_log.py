"""Files that only grow: whole lines or none, on a full disk, after a crash, and with half a character."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tastemaker.agent import line_log
from tastemaker.agent.events import Text
from tastemaker.agent.line_log import append_lines, compress_lines, drop_lines, erase_lines, read_lines
from tastemaker.agent.trace import Trace
from tastemaker.retrieval.errors import DataError

TURNS_ON_A_FULL_DISK = """
import logging, os, sys
from pathlib import Path
from tastemaker.agent import Tastemaker
from tastemaker.tools.workspace.workspace import Workspace
logging.disable()
home = Path(sys.argv[2])
with Tastemaker(Workspace.open(sys.argv[1]), home=home) as tm:
    session = tm.session("one")
    before = session.send("a thriller")
    filler = (home / "filler").open("wb", buffering=0)
    for size in (4096, 256, 1):
        try:
            while filler.write(b"x" * size) == size:
                pass
        except OSError:
            pass
    full = [session.send(f"a drama {n}") for n in range(3)]
    assert all(reply.items for reply in full), full
    assert any("I will not remember this turn" in note for note in full[-1].notes), full[-1].notes
    filler.close()
    (home / "filler").unlink()
    after = session.send("a comedy")
    assert after.items and not any("remember" in note for note in after.notes), after.notes
    said = [m["text"] for m in session.messages if m["role"] == "user"]
    assert said[0] == "a thriller" and said[-1] == "a comedy", said
    turns = [event for _, event in session.trace.read() if event.kind == "done"]
    assert turns[0].reply == before and turns[-1].reply == after
print("answered")
"""


def test_half_a_line_of_a_crash_is_cut_off_and_the_next_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    append_lines(path, [{"n": 1}])
    with path.open("ab") as file:
        file.write(b'{"n": ' + b"2" * 200_000)
    assert [line for _, line in read_lines(path)] == ['{"n": 1}\n']
    append_lines(path, [{"n": 3}, {"n": 4}])
    assert [json.loads(line)["n"] for _, line in read_lines(path)] == [1, 3, 4]


def test_a_disk_with_no_room_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.jsonl"
    append_lines(path, [{"n": 1}])
    before = path.read_bytes()

    def torn(file, content):
        file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tastemaker.agent.line_log._write_all", torn)
    with pytest.raises(OSError, match="No space"):
        append_lines(path, [{"text": "x" * 1000}])
    assert path.read_bytes() == before


def test_half_a_surrogate_pair_is_kept_and_read_again(tmp_path: Path) -> None:
    trace = Trace(tmp_path, "s")
    trace.write(1, Text(text="half \ud83d of it"))
    ((_, event),) = trace.read()
    assert event.text == "half \ud83d of it"


def test_a_session_answers_while_the_disk_is_full_and_goes_on_afterwards(
    film_workspace, tmp_path: Path
) -> None:
    """In a name space of its own, where a disk of half a megabyte can be made."""
    inner = f'mount -t tmpfs -o size=600k tmpfs {tmp_path} && exec {sys.executable} -c "$CODE" {film_workspace.path} {tmp_path}'
    made = subprocess.run(
        ["unshare", "-rm", "sh", "-c", inner],
        env={**os.environ, "CODE": TURNS_ON_A_FULL_DISK, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if "mount:" in made.stderr or "unshare:" in made.stderr:
        pytest.skip(
            f"NO SMALL DISK COULD BE MADE: turns on a full disk were NOT tested ({made.stderr.strip()[:80]})"
        )
    assert made.stdout.strip() == "answered", made.stderr[-2000:]


def numbers(path: Path) -> list[int]:
    return [json.loads(line)["n"] for _, line in read_lines(path)]


def test_lines_that_a_kill_left_in_both_files_are_read_and_compressed_once(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    append_lines(path, [{"n": 0}])
    compress_lines(path)
    append_lines(path, [{"n": 1}, {"n": 2}])
    lines = path.read_bytes()
    compress_lines(path)
    path.write_bytes(lines)  # killed before they were removed
    append_lines(path, [{"n": 3}])
    assert numbers(path) == [0, 1, 2, 3]
    assert compress_lines(path)
    assert numbers(path) == [0, 1, 2, 3]
    assert not compress_lines(path)  # another process was faster


def test_a_line_that_is_appended_while_others_are_compressed_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as an item that is opened on the page while `prune` runs."""
    path = tmp_path / "log.jsonl"
    append_lines(path, [{"n": 1}])
    other = threading.Thread(target=append_lines, args=(path, [{"n": 2}]))
    compress = line_log.gzip.compress

    def slowly(content: bytes, mtime: int) -> bytes:
        other.start()
        other.join(0.3)  # it waits, for longer than this
        return compress(content, mtime=mtime)

    monkeypatch.setattr(line_log.gzip, "compress", slowly)
    compress_lines(path)
    other.join()
    assert numbers(path) == [1, 2]


@pytest.mark.parametrize("left", [".log.jsonl.gz", ".log.jsonl.0123", ".log.jsonl.gz.0123"])
def test_what_a_kill_left_of_a_file_goes_with_it(tmp_path: Path, left: str) -> None:
    path, other = tmp_path / "log.jsonl", tmp_path / ".logs.jsonl.0123"
    append_lines(path, [{"n": 1}])
    for one in (tmp_path / left, other):
        one.write_bytes(b"ann said so")
    drop_lines(path, lambda _: False)
    assert sorted(tmp_path.iterdir()) == [other, path]
    (tmp_path / left).write_bytes(b"ann said so")
    erase_lines(path)
    assert list(tmp_path.iterdir()) == [other]


def test_a_damaged_compressed_file_is_named_and_nothing_is_put_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    append_lines(path, [{"n": n} for n in range(99)])
    compress_lines(path)
    packed = tmp_path / "log.jsonl.gz"
    packed.write_bytes(packed.read_bytes()[:-20])
    append_lines(path, [{"n": 100}])
    with pytest.raises(DataError, match="move the file away"):
        numbers(path)
    assert not compress_lines(path)
    packed.unlink()
    assert numbers(path) == [100]
