"""A person who is erased is in no file: nor in logs that builds have read, versions before, and reported events."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.event_log import append_events
from tastemaker.agent.line_log import append_lines, drop_lines, read_lines
from tastemaker.agent.memory.person import Person
from tastemaker.agent.person_export import export_person
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.tools.workspace import forget_people as forgetting
from tastemaker.tools.workspace.build import build_workspace
from tastemaker.tools.workspace.build_lock import alone
from tastemaker.tools.workspace.checksums import damage
from tastemaker.tools.workspace.workspace import Workspace

NAME = "quokkazanzibar"


@pytest.fixture
def shop(tmp_path, film_catalog):
    users = [NAME, NAME, "bob", "bob", "bob", "eve", "session:zanzi1"]
    log = Interactions.from_columns(users, [1, 2, 3, 4, 5, 6, 7])
    for seed in (0, 1):  # so that the version before has it too
        build_workspace(
            tmp_path / "shop",
            film_catalog,
            log,
            recommender="popularity",
            embedding="hashing",
            progress=False,
            seed=seed,
        )
    assert len(list((tmp_path / "shop" / "versions").iterdir())) == 2
    return tmp_path / "shop"


def where(folder: Path, *words: str) -> list[str]:
    """Files with one of the words, whatever a format does to them."""
    found = []
    for file in folder.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        if file.suffix == ".parquet":
            content += json.dumps(pq.read_table(file).to_pydict(), default=str).encode()
        found += [str(file) for word in words if word in str(file) or word.encode() in content]
    return found


def test_nothing_of_a_person_is_left_in_logs_versions_and_events(shop):
    with Tastemaker.open(shop) as tm, Tastemaker.open(shop) as open_elsewhere:
        session = tm.session("zanzi1", person=NAME)
        assert session.profile.history  # begins with what the log knows
        session.send(f"a drama by {NAME}")
        append_events(
            shop, [{"user": user, "item": "2", "kind": "liked"} for user in (NAME, "bob", "zanzi1")]
        )
        told = export_person(tm, NAME)
        assert [one["item"] for one in told["log"]] == [tm.workspace.catalog.at(row).id for row in (1, 2)]
        assert {one["user"] for one in told["events"]} == {NAME, "zanzi1"}
        tm.person(NAME).erase()
        assert where(shop, NAME, "zanzi") == []
        for agent in (tm, open_elsewhere):  # and the log is not what brings it back
            assert agent.session("new", person=NAME).profile.history == ()
            agent.person(NAME).erase()
        assert where(shop, NAME, "zanzi") == []
    assert [
        json.loads(line)["user"] for file in (shop / "events").iterdir() for _, line in read_lines(file)
    ] == ["bob"]
    log = Workspace.open(shop).log
    assert log.users == ("bob", "eve")
    assert sorted(log.item.tolist()) == [3, 4, 5, 6]
    opened = Workspace.open(shop)
    assert list(damage(opened.folder, opened.manifest.files)) == []
    assert "interactions.parquet" in opened.manifest.files
    with sqlite3.connect(shop / "sessions.sqlite") as store:
        assert store.execute("pragma integrity_check").fetchone() == ("ok",)


def test_while_a_build_is_at_work_it_says_so_and_what_was_left_goes_the_next_time(shop):
    with Tastemaker.open(shop) as tm:
        tm.session("zanzi1", person=NAME).send("a drama")
        with alone(shop), pytest.raises(WorkspaceError, match="another build"):
            tm.person(NAME).erase()
        assert tm.person(NAME).taste.history == ()
        assert where(shop / "traces", "zanzi") == []
        tm.person(NAME).erase()
    assert where(shop, NAME, "zanzi") == []


@pytest.mark.parametrize("step", ["replace_file", "write_interactions", "checksum"])
def test_killed_at_any_step_it_opens_and_can_be_done_again(shop, step, monkeypatch):
    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(forgetting, step, die)
    with pytest.raises(KeyboardInterrupt):
        forgetting.forget_people(shop, [NAME])
    monkeypatch.undo()
    Workspace.open(shop).check_files()
    forgetting.forget_people(shop, [NAME])
    assert where(shop, NAME) == []
    assert "interactions.parquet" in Workspace.open(shop).manifest.files or step == "checksum"


def test_a_session_that_a_kill_left_unbegun_is_found_again(shop, monkeypatch):
    def die(*_):
        raise KeyboardInterrupt

    with Tastemaker.open(shop) as tm:
        monkeypatch.setattr(Person, "newly_gone", die)  # within the session's lock
        with pytest.raises(KeyboardInterrupt):
            tm.session("zanzi9", person=NAME)
        monkeypatch.undo()
        assert where(shop, "zanzi9.lock")
        tm.person(NAME).erase()
    assert where(shop, NAME, "zanzi9") == []


def test_a_log_that_a_kill_left_half_written_goes_too(shop):
    folder = Workspace.open(shop).folder
    append_lines(shop / "events" / "2026-01-01.jsonl", [{"user": "bob"}])
    for left in (folder / ".interactions.parquet.0123", shop / "events" / ".2026-01-01.jsonl.0123"):
        left.write_text(f"{NAME} was here")
    with Tastemaker.open(shop) as tm:
        tm.person(NAME).erase()
    assert where(shop, NAME) == []


def test_lines_added_while_others_are_dropped_are_all_there(tmp_path):
    path = tmp_path / "day.jsonl"
    append_lines(path, [{"user": "gone", "n": n} for n in range(200)])
    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(_write, path, name) for name in "ab"]
        while not all(writer.done() for writer in writers):
            drop_lines(path, lambda line: '"gone"' in line)
    drop_lines(path, lambda line: '"gone"' in line)
    kept = [json.loads(line) for _, line in read_lines(path)]
    assert sorted((one["user"], one["n"]) for one in kept) == [(name, n) for name in "ab" for n in range(300)]


def _write(path: Path, name: str) -> None:
    for n in range(300):
        append_lines(path, [{"user": name, "n": n}, {"user": "gone", "n": n}])
