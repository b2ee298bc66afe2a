"""A flipped bit is noticed, a crash while training leaves no false alarm, and a newer workspace is left alone."""

import json
import os
import random
import shutil
import subprocess
import sys

import pytest

from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.tools.workspace import build as build_module
from tastemaker.tools.workspace import checksums
from tastemaker.tools.workspace.build import add_recommender, build_workspace
from tastemaker.tools.workspace.workspace import Workspace
from tastemaker.ui.cli.doctor import examine


@pytest.fixture
def shop(tmp_path, film_workspace, monkeypatch):
    """A copy of its own, of which this process has checked nothing yet."""
    monkeypatch.setattr(checksums, "_checked", set())
    shutil.copytree(film_workspace.path, tmp_path / "shop")
    return tmp_path / "shop"


def flip(file, seed=0):
    content = bytearray(file.read_bytes())
    content[random.Random(seed).randrange(len(content))] ^= 1 << random.Random(seed + 1).randrange(8)
    file.write_bytes(content)


def covered(shop):
    return sorted(Workspace.open(shop).manifest.files)


def test_one_flipped_bit_in_any_file_is_noticed_when_it_is_opened(shop):
    names = [name for name in covered(shop) if name != checksums.TEXTS]  # builds alone read that one
    assert {"catalog.jsonl", "index/vectors.npy", "interactions.parquet"} <= set(names)
    assert any(name.startswith("index/lexical/") for name in names)
    assert any(name.startswith("recommenders/popularity/") for name in names)
    for seed, name in enumerate(names):
        file = Workspace.open(shop).folder / name
        whole = file.read_bytes()
        if not whole:
            continue
        flip(file, seed)
        with pytest.raises(WorkspaceError, match="doctor --deep"):
            Workspace.open(shop).tool_context()
        file.write_bytes(whole)
    Workspace.open(shop).tool_context().index.close()


def test_one_flipped_bit_in_the_manifest_is_noticed_but_in_the_word_checksum(shop):
    file = Workspace.open(shop).folder / "manifest.json"
    whole = file.read_bytes()
    opened = set[int]()
    for place in random.Random(1).sample(range(len(whole)), 300):
        content = bytearray(whole)
        content[place] ^= 1 << place % 8
        file.write_bytes(content)
        try:
            Workspace.open(shop)
        except WorkspaceError:
            continue
        opened.add(place)
    key = whole.index(b'"checksum"')
    # Of white space any is the same to JSON.
    assert {
        p for p in opened if whole[p : p + 1].strip() and not key <= p <= key + len('"checksum"')
    } == set()
    file.write_bytes(whole)
    Workspace.open(shop)


def test_a_build_takes_nothing_from_a_manifest_that_was_changed(shop, film_catalog, film_log):
    file = Workspace.open(shop).folder / "manifest.json"
    told = json.loads(file.read_text())
    file.write_text(json.dumps(told | {"items": told["items"] + 1}))
    with pytest.raises(WorkspaceError, match=r"is not what was written there.*tastemaker build"):
        Workspace.open(shop)
    build_workspace(
        shop, film_catalog, film_log, recommender="popularity", embedding="hashing", progress=False
    )
    assert Workspace.open(shop).manifest.items == len(film_catalog)


def test_large_files_are_left_to_doctor_deep_which_names_them(shop, monkeypatch):
    monkeypatch.setattr(checksums, "SMALL_BYTES", 100)
    vectors = Workspace.open(shop).folder / "index" / "vectors.npy"
    flip(vectors)
    Workspace.open(shop).tool_context().index.close()
    assert not [one for one in examine(shop, "rules") if "damaged" in one.state]
    (found,) = [one for one in examine(shop, "rules", deep=True) if "damaged" in one.state]
    assert str(vectors) in found.state
    assert found.remedy


def test_a_build_heals_what_doctor_found_and_takes_nothing_damaged_over(shop, monkeypatch):
    monkeypatch.setattr(checksums, "SMALL_BYTES", 100)
    opened = Workspace.open(shop)
    whole = (opened.folder / "index" / "vectors.npy").read_bytes()
    flip(opened.folder / "index" / "vectors.npy", seed=5)
    flip(opened.recommenders / "popularity" / "model.safetensors", seed=6)
    said = []
    build_workspace(
        shop,
        opened.built_catalog,
        opened.interactions,
        recommender="popularity",
        embedding="hashing",
        progress=False,
        say=said.append,
    )
    assert any("is not what was written" in line for line in said)
    assert (Workspace.open(shop).folder / "index" / "vectors.npy").read_bytes() == whole
    assert not [one for one in examine(shop, "rules", deep=True) if "damaged" in one.state]


def test_files_are_read_for_their_checksums_once_in_a_process(shop, monkeypatch):
    Workspace.open(shop).tool_context().index.close()
    monkeypatch.setattr(checksums, "_digest", lambda file: pytest.fail(f"{file} was read again"))
    Workspace.open(shop).tool_context().index.close()


def test_training_that_dies_before_the_manifest_leaves_a_workspace_that_opens(shop, monkeypatch):
    add_recommender(Workspace.open(shop), "item-knn", progress=False)
    assert any(name.startswith("recommenders/item-knn/") for name in covered(shop))
    with monkeypatch.context() as patched:
        patched.setattr(build_module, "_serve", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            add_recommender(Workspace.open(shop), "item-knn", progress=False, settings={"neighbours": 3})
    Workspace.open(shop).tool_context().index.close()
    add_recommender(Workspace.open(shop), "item-knn", progress=False)
    flip(Workspace.open(shop).recommenders / "item-knn" / "config.json")
    with pytest.raises(WorkspaceError, match=r"config\.json"):
        Workspace.open(shop).tool_context()


@pytest.mark.parametrize("newer", [{"format": 99}, {"versions": {"tastemaker": "99.0"}}])
def test_a_workspace_of_a_newer_version_is_not_replaced(shop, film_catalog, film_log, newer):
    file = Workspace.open(shop).folder / "manifest.json"
    told = json.loads(file.read_text())
    file.write_text(json.dumps({**told, **newer}))
    before = file.read_bytes()
    with pytest.raises(WorkspaceError, match="newer than this one"):
        build_workspace(
            shop, film_catalog, film_log, recommender="popularity", embedding="hashing", progress=False
        )
    assert file.read_bytes() == before


READ_ONLY = """
import sys
from pathlib import Path
from tastemaker.agent import Tastemaker
from tastemaker.retrieval.errors import DiskFull
from tastemaker.ui.cli.doctor import examine
shop, home = Path(sys.argv[1]), Path(sys.argv[2])
try:
    Tastemaker.open(shop)
except DiskFull as error:
    assert "--home FOLDER" in str(error)
else:
    raise SystemExit("sessions were said to be kept")
with Tastemaker.open(shop, home=home) as tm:
    assert tm.session("a").send("a thriller").items
with Tastemaker.open(shop, home=home) as tm:
    assert len(tm.session("a").messages) == 2
with Tastemaker.open(shop, sessions="memory") as tm:
    assert tm.session().send("a thriller").items
(room,) = [one for one in examine(shop, "rules") if one.what.startswith("room in")]
assert "nothing can be written" in room.state and "--home" in room.remedy, room
print("served")
"""

FULL = """
import sys
from pathlib import Path
from tastemaker.agent import Tastemaker
from tastemaker.retrieval.errors import DiskFull
from tastemaker.tools.workspace.build import add_recommender, build_workspace
from tastemaker.tools.workspace.workspace import Workspace
from tastemaker.ui.cli.doctor import examine
shop = Path(sys.argv[1])
before = Workspace.open(shop)
with Tastemaker.open(shop) as tm:
    tm.session("a").send("a thriller")
with (shop.parent / "filler").open("wb", buffering=0) as filler:
    for size in (4096, 1):
        try:
            while filler.write(b"x" * size) == size:
                pass
        except OSError:
            pass
refused = 0
for act in (
    lambda: add_recommender(before, "ease", progress=False),
    lambda: build_workspace(shop, before.built_catalog, before.interactions, recommender="popularity",
                            embedding="hashing", progress=False, seed=1),
):
    try:
        act()
    except DiskFull as error:
        assert "free some space" in str(error)
        refused += 1
assert refused == 2, refused
try:
    Tastemaker.open(shop)  # whose sessions need room to be opened at all, and must not be moved away
except DiskFull as error:
    assert "free some space" in str(error)
else:
    raise SystemExit("sessions were said to be kept")
(room,) = [one for one in examine(shop, "rules") if one.what.startswith("room in")]
assert room.remedy, room
Workspace.open(shop).tool_context().index.close()
(shop.parent / "filler").unlink()
add_recommender(Workspace.open(shop), "ease", progress=False)
print("survived")
"""


def in_own_mounts(mounts, code, *arguments):
    """What a program says on file systems of its own; skips loudly where none can be made."""
    inner = f'{mounts} && exec {sys.executable} -c "$CODE" ' + " ".join(map(str, arguments))
    made = subprocess.run(
        ["unshare", "-rm", "sh", "-c", inner],
        env={**os.environ, "CODE": code, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if "mount:" in made.stderr or "unshare:" in made.stderr:
        pytest.skip(f"NO FILE SYSTEM COULD BE MADE: this was NOT tested ({made.stderr.strip()[:80]})")
    assert made.returncode == 0, made.stderr[-3000:]
    return made.stdout.strip()


def test_a_read_only_workspace_is_served_with_sessions_elsewhere(shop, tmp_path):
    mounts = f"mount --bind {shop} {shop} && mount -o remount,bind,ro {shop}"
    assert in_own_mounts(mounts, READ_ONLY, shop, tmp_path / "home") == "served"


def test_training_and_building_on_a_full_disk_end_in_one_line_and_lose_nothing(shop, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounts = f"mount -t tmpfs -o size=3m tmpfs {disk} && cp -r {shop} {disk}/shop"
    assert in_own_mounts(mounts, FULL, disk / "shop") == "survived"
