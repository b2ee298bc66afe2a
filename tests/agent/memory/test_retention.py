"""Old conversations go, records are compressed and read all the same, and a person who is erased is in no file."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.feedback import read_feedback
from tastemaker.agent.line_log import compress_lines
from tastemaker.agent.memory.retention import Retention
from tastemaker.agent.person_export import export_person
from tastemaker.evals.replay.log import read_log
from tastemaker.retrieval.errors import ConfigError, DiskFull

SECRET = "quokkazanzibar"
LATER = datetime.now(UTC) + timedelta(days=40)


@pytest.fixture
def home(film_workspace, tmp_path):
    with Tastemaker(film_workspace, home=tmp_path) as tm:
        yield tm


def everything(folder):
    """(name, content) of every file, compressed ones unpacked too."""
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            yield str(file), content
            if file.suffix == ".gz":
                yield str(file), gzip.decompress(content)


def found(folder, *words):
    return [name for name, content in everything(folder) for w in words if w in name or w.encode() in content]


def test_conversations_that_rested_too_long_go_with_their_records(home, tmp_path):
    for name in ("old", "new"):
        home.session(name).send(f"a thriller {SECRET}{name}")
    (tmp_path / "traces" / "no session's.jsonl").write_text("{}\n")
    assert home.prune(Retention(days=30, compress_days=None)).removed == 0
    with home._store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE tastemaker_sessions SET updated_at='2020-01-01' WHERE id='old'")
    assert home.prune(Retention(days=30, compress_days=None)).removed == 1
    assert found(tmp_path, f"{SECRET}old", "old.lock", "old.jsonl") == []
    assert len(home.session("new").messages) == 2
    assert home.prune(Retention(days=30), LATER).removed == 1


def test_on_a_full_disk_what_is_due_still_goes_and_one_line_says_what_did(home, tmp_path, monkeypatch):
    for name in ("old", "new"):
        home.session(name).send("a thriller")
    with home._store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE tastemaker_sessions SET updated_at='2020-01-01' WHERE id='old'")

    def compress(path):
        if path.parent.name == "traces":
            raise OSError(28, "No space left on device", str(path))
        return compress_lines(path)

    monkeypatch.setattr("tastemaker.agent.tastemaker.compress_lines", compress)
    with pytest.raises(
        DiskFull, match="free some space and run this again: it removed 1 conversations"
    ) as told:
        home.prune(Retention(days=30, compress_days=0))
    assert "new.jsonl (No space left on device)" in str(told.value)
    assert found(tmp_path, "old.lock", "old.jsonl") == []
    assert len(home.session("new").messages) == 2
    assert home.prune(Retention(megabytes=0, compress_days=None)).removed == 1


def test_the_latest_records_are_kept_up_to_a_size(home, tmp_path):
    for n in range(4):
        home.session(f"s{n}").send("a thriller")
    one = sum(len(content) for _, content in everything(tmp_path / "traces")) / 4
    one += sum(len(content) for _, content in everything(tmp_path / "feedback")) / 4
    done = home.prune(Retention(megabytes=2.5 * one / 2**20, compress_days=None))
    assert done.removed == 2
    assert {file.stem for file in (tmp_path / "traces").iterdir()} == {"s2", "s3"}
    assert done.bytes_after <= 2.5 * one < done.bytes_before


def test_compressed_records_are_read_and_added_to(home, tmp_path):
    session = home.session("long")
    session.send("a thriller")
    with session.trace.path.open("a") as file:
        file.write('{"torn": ')
    before = [event for _, event in session.trace.read()]
    done = home.prune(Retention(), LATER)
    assert (done.removed, done.compressed) == (0, 2)
    assert done.bytes_after < done.bytes_before / 2
    assert not session.trace.path.exists()
    assert [event for _, event in session.trace.read()] == before
    session.send("a drama")
    home.prune(Retention(), LATER)
    session.send("a comedy")
    assert [event.message for _, event in session.trace.read() if event.kind == "started"] == [
        "a thriller",
        "a drama",
        "a comedy",
    ]
    assert [turn.message for turn in read_log(tmp_path / "feedback")] == ["a thriller", "a drama", "a comedy"]
    assert len([one for one in read_feedback(session.feedback.path) if one["kind"] == "turn"]) == 3
    session.erase()
    assert found(tmp_path, "long.jsonl") == []


def test_a_person_who_is_erased_is_in_no_file(home, tmp_path, film_workspace):
    """Nor in free pages or the journal of the database, compressed records, or names of locks."""
    person = f"ann{SECRET}"
    for n in range(3):
        session = home.session(f"{SECRET}{n}", person=person)
        session.send(f"like Star Ferry, by {SECRET} please")
        session.like("1")
    home.prune(Retention(), LATER)
    home.session(f"{SECRET}1", person=person).send(f"more {SECRET}")
    other = home.session("other", person="bob")
    other.send("a drama")
    assert len(found(tmp_path, SECRET)) > 5
    exported = json.loads(json.dumps(export_person(home, person)))
    assert [one["title"] for one in exported["taste"]["likes"]] == [
        "Star Ferry (1982)",
        "Harbour Lights (1994)",
    ]
    held = exported["sessions"][1]
    assert [m["text"] for m in held["messages"] if m["role"] == "user"][-1] == f"more {SECRET}"
    assert {one["kind"] for one in held["trace"]} >= {"started", "done"}
    assert {one["kind"] for one in held["feedback"]} >= {"turn", "shown"}
    assert "bob" not in json.dumps(exported)
    with Tastemaker(film_workspace, home=tmp_path) as second:  # another process's connection, say
        second.session("other").send("a comedy")
        home.person(person).erase()
    assert found(tmp_path, SECRET) == []
    assert len(home.session("other").messages) == 4


def test_settings_lie_in_a_file_and_are_checked(home, tmp_path):
    (tmp_path / "retention.toml").write_text("days = 0\n")
    home.session("one").send("a drama")
    assert home.prune(now=LATER).removed == 1
    (tmp_path / "retention.toml").write_text("dayz = 3\n")
    with pytest.raises(ConfigError, match="compress_days"):
        home.prune()
