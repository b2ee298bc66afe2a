"""A build takes a workspace's place in one step: under open agents, killed anywhere, over the old layout."""

import gc
import json
import multiprocessing
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.tools.workspace.build import build_workspace
from tastemaker.tools.workspace.versions import BUILT, current_folder, is_workspace
from tastemaker.tools.workspace.workspace import Workspace

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tastemaker.agent", "tastemaker.tools.workspace.build", "chromadb"])

STEPS = frozenset({"os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree"})
"""What changes the names that a process leaves behind when it is killed."""


def build(path, catalog, log, n_items=12, seed=0, **rest):
    smaller = Catalog(list(catalog)[:n_items], catalog.schema)
    known = log.item < n_items
    own = Interactions(log.users, log.user[known], log.item[known], log.timestamp[known])
    return build_workspace(
        path, smaller, own, recommender="popularity", embedding="hashing", progress=False, seed=seed, **rest
    )


def to_old_layout(path):
    """As builds left a workspace before there were versions."""
    folder = current_folder(path)
    for name in BUILT:
        if (folder / name).exists():
            (folder / name).rename(path / name)
    shutil.rmtree(path / "versions")
    (path / "current").unlink()
    (path / "build.lock").unlink()


def talk(path):
    with Tastemaker.open(path) as tm:
        session = tm.session("s", person="ann")
        session.like("1")
        session.send("no horror")


def talk_is_there(path):
    with Tastemaker.open(path) as tm:
        session = tm.session("s", person="ann")
        assert session.profile.likes == ("1",)
        assert [one["text"] for one in session.messages if one["role"] == "user"] == ["no horror"]
        assert tm.person("ann").taste.likes == ("1",)
        assert [event.kind for _, event in session.trace.read()][-1] == "done"
        assert session.feedback.path.exists()


def test_an_open_agent_goes_on_over_many_builds_and_the_next_one_sees_the_new(
    tmp_path, film_catalog, film_log
):
    path = tmp_path / "shop"
    with Tastemaker(build(path, film_catalog, film_log)) as tm:
        session = tm.session()
        for seed in (1, 2, 3):
            build(path, film_catalog, film_log, n_items=8, seed=seed)
            assert session.send("something with a smuggler").message
            assert len(tm.workspace.interactions) == len(film_log)
        assert len(tm.resources.tool_context.catalog) == 12
        assert len(Workspace.open(path).catalog) == 8
        folder = tm.workspace.folder
        assert folder.exists()
    del tm, session
    gc.collect()
    build(path, film_catalog, film_log, seed=4)
    assert not folder.exists()
    assert len(list((path / "versions").iterdir())) == 2


def test_the_version_before_stays_until_the_next_build(tmp_path, film_catalog, film_log):
    path = tmp_path / "shop"
    first = build(path, film_catalog, film_log).folder
    second = build(path, film_catalog, film_log, seed=1).folder
    assert first.exists()
    third = build(path, film_catalog, film_log, seed=2).folder
    assert [first.exists(), second.exists(), third.exists()] == [False, True, True]


def test_a_workspace_of_the_old_layout_opens_and_loses_nothing_to_a_build(tmp_path, film_catalog, film_log):
    path = tmp_path / "shop"
    build(path, film_catalog, film_log)
    to_old_layout(path)
    talk(path)
    talk_is_there(path)
    said = []
    build(path, film_catalog, film_log, say=said.append)
    assert "up to date" in said[-1]
    with Tastemaker.open(path) as old:
        build(path, film_catalog, film_log, seed=1)
        build(path, film_catalog, film_log, seed=2)
        assert old.session().send("a drama").items
        assert len(old.workspace.interactions) == len(film_log)
    del old
    gc.collect()
    talk_is_there(path)
    build(path, film_catalog, film_log, seed=3)
    talk_is_there(path)
    assert not [name for name in BUILT if (path / name).exists()]


@pytest.mark.parametrize("destroyed", [False, True])
def test_what_a_killed_build_of_the_old_layout_left_beside_is_brought_home(
    tmp_path, film_catalog, film_log, destroyed
):
    path, aside = tmp_path / "shop", tmp_path / ".shop.old"
    build(path, film_catalog, film_log)
    to_old_layout(path)
    talk(path)
    path.rename(aside)
    (tmp_path / ".shop.building").mkdir()
    (tmp_path / ".shop.building" / "key").write_text("k")
    if destroyed:  # a running turn made the folder again
        (path / "traces").mkdir(parents=True)
        (path / "traces" / "other.jsonl").write_text("{}\n")
    build(path, film_catalog, film_log)
    talk_is_there(path)
    assert [one.name for one in tmp_path.iterdir()] == ["shop"]
    assert (path / "traces" / "other.jsonl").exists() is destroyed


def test_other_folders_and_files_are_left_alone(tmp_path, film_catalog, film_log):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "manifest.json").write_text("{}")
    with pytest.raises(WorkspaceError, match="is no workspace"):
        build(tmp_path / "site", film_catalog, film_log)
    assert [one.name for one in (tmp_path / "site").iterdir()] == ["manifest.json"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkspaceError, match="is a file"):
        build(tmp_path / "file", film_catalog, film_log)


@pytest.mark.parametrize("pointer", [b"", b"\xff\x00", b"../..", b"77"])
def test_a_broken_pointer_is_said_and_the_next_build_makes_it_good(tmp_path, film_catalog, film_log, pointer):
    path = tmp_path / "shop"
    build(path, film_catalog, film_log)
    talk(path)
    (path / "current").write_bytes(pointer)
    with pytest.raises(WorkspaceError, match=r"no workspace.*tastemaker build"):
        Workspace.open(path)
    build(path, film_catalog, film_log)
    talk_is_there(path)


def _build_and_die(path, catalog, log, seed, at, count):
    """Build, and be killed before the step number ``at``; without one, count the steps."""
    passed = 0

    def hook(event, arguments):
        nonlocal passed
        if event not in STEPS or str(path.parent) not in str(arguments[0]):
            return
        passed += 1
        if passed == at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    build(path, catalog, log, n_items=9, seed=seed)
    count.value = passed


def steps_of(n):
    """Steps to be killed before: all of them with ``FAULTS=all``, else the last, which publish, and some others."""
    return [
        step for step in range(1, n + 1) if os.environ.get("FAULTS") == "all" or step > n - 6 or step % 8 == 0
    ]


def _run(*arguments):
    child = PROCESSES.Process(target=_build_and_die, args=arguments)
    child.start()
    child.join(120)
    return child.exitcode


@pytest.mark.parametrize("old_layout", [False, True])
def test_a_build_killed_at_any_step_loses_nothing(tmp_path, film_catalog, film_log, old_layout):
    made = tmp_path / "made" / "shop"
    for seed in (1, 2):
        build(made, film_catalog, film_log, seed=seed)
    if old_layout:
        to_old_layout(made)
    talk(made)
    if old_layout:  # the second build after the change removes the files of the old layout
        build(made, film_catalog, film_log, seed=3)
    count = PROCESSES.Value("i", 0)
    whole = tmp_path / "whole" / "shop"
    shutil.copytree(made, whole)
    assert _run(whole, film_catalog, film_log, 7, 0, count) == 0
    assert count.value > 10
    states = set()
    for step in steps_of(count.value):
        path = tmp_path / str(step) / "shop"
        shutil.copytree(made, path)
        assert _run(path, film_catalog, film_log, 7, step, count) == -signal.SIGKILL
        assert is_workspace(path)
        talk_is_there(path)
        items = Workspace.open(path).manifest.items
        states.add(items)
        build(path, film_catalog, film_log, n_items=9, seed=7)
        talk_is_there(path)
        assert len(Workspace.open(path).catalog) == 9
        shutil.rmtree(path.parent)
    assert states == {9, 12}


def test_a_first_build_killed_at_any_step_can_be_done_again(tmp_path, film_catalog, film_log):
    count = PROCESSES.Value("i", 0)
    assert _run(tmp_path / "whole" / "shop", film_catalog, film_log, 0, 0, count) == 0
    for step in steps_of(count.value):
        path = tmp_path / str(step) / "shop"
        assert _run(path, film_catalog, film_log, 0, step, count) == -signal.SIGKILL
        build(path, film_catalog, film_log, n_items=9)
        talk(path)
        talk_is_there(path)
        shutil.rmtree(path.parent)


def _serve(path, turns, stop, opened_again):
    """Turns in a loop, the agent opened anew now and then as a server that is started again."""
    while not stop.is_set():
        with Tastemaker.open(path) as tm:
            opened_again.value += 1
            for _ in range(5):
                session = tm.session(f"s{turns.value % 3}", person="ann")
                assert session.send("a drama" if turns.value % 2 else "more").message
                turns.value += 1


def test_turns_go_on_while_another_process_builds_ten_times(tmp_path, film_catalog, film_log):
    path = tmp_path / "shop"
    build(path, film_catalog, film_log)
    turns, opened = PROCESSES.Value("i", 0), PROCESSES.Value("i", 0)
    stop = PROCESSES.Event()
    server = PROCESSES.Process(target=_serve, args=(path, turns, stop, opened))
    server.start()
    try:
        for n in range(10):
            before = turns.value
            build(path, film_catalog, film_log, n_items=(8, 12)[n % 2], seed=n + 1)
            until = time.monotonic() + 60
            while turns.value <= before and server.is_alive() and time.monotonic() < until:
                time.sleep(0.05)
            assert server.is_alive()
    finally:
        stop.set()
        server.join(60)
    assert server.exitcode == 0
    traced = [
        json.loads(line)["kind"]
        for file in (path / "traces").iterdir()
        for line in file.read_text().splitlines()
    ]
    assert traced.count("done") == turns.value
    logged = [
        json.loads(line)["kind"]
        for file in (path / "feedback").iterdir()
        for line in file.read_text().splitlines()
    ]
    assert logged.count("turn") == turns.value
    assert opened.value > 1
    assert Path(path / "sessions.sqlite").exists()
