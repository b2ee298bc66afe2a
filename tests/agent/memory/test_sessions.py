"""Sessions survive crashes, restarts and company; what is known of a person outlives them."""

import json
import multiprocessing
import sqlite3
import threading
import time
from contextlib import closing

import pytest
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from tastemaker.agent import Tastemaker
from tastemaker.agent.memory.person import LongTermTaste
from tastemaker.agent.memory.session_store import SqliteSessions, hide_password, open_session_store
from tastemaker.agent.turn import conclude, explore, reply
from tastemaker.retrieval.errors import ConfigError, QueryError, SessionBusy, WorkspaceError


class Crash(Exception):
    pass


def crash_in(monkeypatch, step):
    def crash(*_):
        raise Crash

    module = {"opening_calls": explore, "fuse": conclude, "plain_words": reply}[step]
    monkeypatch.setattr(module, step, crash)


@pytest.mark.parametrize("first_turn", [True, False])
@pytest.mark.parametrize("step", ["opening_calls", "fuse", "plain_words"])
def test_a_turn_that_crashes_has_not_happened_and_can_be_sent_again(
    film_workspace, monkeypatch, step, first_turn
):
    with Tastemaker(film_workspace) as tm:
        session = tm.session()
        if not first_turn:
            session.send("no horror")
        before = session.profile, session.messages
        with monkeypatch.context() as patch:
            crash_in(patch, step)
            with pytest.raises(Crash):
                session.send("a comedy from the nineties")
    with Tastemaker(film_workspace) as tm:
        again = tm.session(session.id)
        assert (again.profile, again.messages) == before
        assert again.send("a comedy from the nineties").items
        assert len(again.messages) == len(before[1]) + 2
        again.undo()
        assert again.profile.constraints == before[0].constraints


def test_a_caller_that_goes_away_in_the_middle_leaves_the_session_as_it_was(tm):
    session = tm.session()
    for event in session.stream("no horror"):
        if event.kind == "understood":
            break
    assert session.profile.constraints == ()
    session.send("a comedy")
    assert [c.field for c in session.profile.constraints] == ["genres"]


def _send(path, session_id, message, ready):
    with Tastemaker.open(path) as tm:
        session = tm.session(session_id)
        ready.wait()
        session.send(message, k=1)


def test_two_processes_on_one_session_lose_no_turn(film_workspace, tm):
    session = tm.session()
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(2)
    messages = ["no horror", "from the nineties"]
    workers = [
        spawn.Process(target=_send, args=(film_workspace.path, session.id, message, ready))
        for message in messages
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
        assert worker.exitcode == 0
    said = [one["text"] for one in session.messages if one["role"] == "user"]
    assert sorted(said) == sorted(messages)
    assert {c.field for c in session.profile.constraints} == {"genres", "year"}


def test_a_session_that_stays_busy_says_so(tmp_path):
    store, other = (SqliteSessions(tmp_path / "s.sqlite") for _ in range(2))
    with store.lock("a"), pytest.raises(SessionBusy, match="'a' has been busy"), other.lock("a", 0.05):
        pass
    with store.lock("a"), other.lock("b", 0.05):
        pass
    store.close()
    other.close()


def test_edits_from_many_threads_all_count(tm):
    session = tm.session()
    threads = [threading.Thread(target=session.like, args=(str(n),)) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(session.profile.likes) == {str(n) for n in range(1, 9)}


def test_redo_takes_the_step_again_until_something_else_is_done(tm):
    session = tm.session()
    session.like("1")
    session.like("2")
    session.undo()
    session.undo()
    assert session.redo().likes == ("1",)
    assert session.redo().likes == ("1", "2")
    assert session.redo().likes == ("1", "2")
    session.undo()
    session.like("3")
    assert session.redo().likes == ("1", "3")


def test_undo_and_redo_by_saying_so(tm):
    session = tm.session()
    session.send("no horror")
    session.send("undo")
    assert session.profile.constraints == ()
    assert "again" in " ".join(session.send("bring that back").notes)
    assert [c.field for c in session.profile.constraints] == ["genres"]
    assert "nothing" in " ".join(session.send("redo").notes)


def test_what_a_person_likes_is_known_in_their_next_session(tm):
    first = tm.session(person="anna", liked=["Harbour Lights (1994)"])
    first.send("no horror, I hated The Cellar")
    second = tm.session(person="anna")
    assert second.profile.likes == ("1",)
    assert second.profile.dislikes == ("8",)
    assert second.profile.constraints == ()
    assert tm.session(person="ben").profile.likes == ()
    assert tm.session().profile.likes == ()


def test_two_sessions_of_a_person_add_up(tm):
    one, two = tm.session(person="cleo"), tm.session(person="cleo")
    one.like("1")
    two.like("2")
    one.undo()
    assert tm.person("cleo").taste.likes == ("2",)
    assert tm.session(one.id, person="cleo").profile.likes == ("2",)


def test_a_person_sees_edits_and_erases_what_is_known(tm):
    person = tm.person("dov")
    assert person.taste == LongTermTaste()
    person.set(LongTermTaste(likes=("3",), history=("4",)))
    assert tm.session(person="dov").profile.history == ("4",)
    with pytest.raises(QueryError, match="no item with id '99'"):
        person.set(LongTermTaste(likes=("99",)))
    person.erase()
    assert person.taste == LongTermTaste()
    with pytest.raises(QueryError, match="person id 'a b'"):
        tm.person("a b")


def test_a_file_that_is_no_database_is_a_clear_error(tmp_path):
    (tmp_path / "s.sqlite").write_bytes(b"not a database, but long enough to be read as one" * 40)
    with pytest.raises(WorkspaceError, match="move it away"):
        SqliteSessions(tmp_path / "s.sqlite")


def test_another_kind_of_url_is_refused_without_showing_its_password():
    with pytest.raises(ConfigError, match="give a postgresql://") as raised:
        open_session_store("mysql://anna:secret@db/shop")
    assert "secret" not in str(raised.value)
    assert hide_password("postgresql://db/shop") == "postgresql://db/shop"


def test_the_store_holds_nothing_that_is_executable(tm, film_workspace):
    session = tm.session()
    session.send("a comedy")
    with sqlite3.connect(film_workspace.path / "sessions.sqlite") as file:
        query = "select state from tastemaker_sessions where id = ?"
        ((state,),) = file.execute(query, (session.id,)).fetchall()
    file.close()
    assert json.loads(state)["messages"][0] == {"role": "user", "text": "a comedy", "items": []}


def _send_earlier(path, session_id, message):
    seconds, nanoseconds = time.time, time.time_ns
    time.time, time.time_ns = lambda: seconds() - 3600, lambda: nanoseconds() - 3600 * 10**9
    with Tastemaker.open(path) as tm:
        tm.session(session_id).send(message, k=1)


def test_after_the_clock_goes_back_an_hour_no_turn_vanishes(film_workspace, tm):
    session = tm.session()
    session.send("no horror")
    worker = multiprocessing.get_context("spawn").Process(
        target=_send_earlier, args=(film_workspace.path, session.id, "from the nineties")
    )
    worker.start()
    worker.join(120)
    assert worker.exitcode == 0
    said = [one["text"] for one in session.messages if one["role"] == "user"]
    assert said == ["no horror", "from the nineties"]
    assert {c.field for c in session.profile.constraints} == {"genres", "year"}
    session.send("a comedy")
    assert len(session.messages) == 6


def test_of_two_writers_of_one_revision_the_second_is_refused(tmp_path):
    with closing(SqliteSessions(tmp_path / "s.sqlite")) as store:
        store.save("a", {"turn": 1}, 0)
        for revision in (0, 2):
            with pytest.raises(SessionBusy, match="changed elsewhere"):
                store.save("a", {"turn": 9}, revision)
        store.save("a", {"turn": 2}, 1)
        assert store.load("a") == ({"turn": 2}, 2)
        assert store.load("b") == ({}, 0)


def test_a_database_that_cannot_be_written_is_a_clear_error(tmp_path):
    with closing(SqliteSessions(tmp_path / "s.sqlite")) as store:
        with store._engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE tastemaker_sessions")
        with pytest.raises(WorkspaceError, match=r"cannot use .*s\.sqlite"):
            store.save("a", {"secret": 1}, 0)


def test_the_lock_of_a_person_is_no_sessions(tm):
    session = tm.session("person-ann", person="ann")
    session.like("1")
    assert tm.person("ann").taste.likes == ("1",)


def _write_old_file(path, states):
    """A file as LangGraph's checkpointer and store made it: (session, step, turn, answered) each."""
    serde = JsonPlusSerializer(allowed_msgpack_modules=[])
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(
            "CREATE TABLE checkpoints (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata)"
        )
        file.execute("CREATE TABLE writes (thread_id)")
        file.execute("CREATE TABLE store (prefix, key, value, created_at, updated_at)")
        file.execute("CREATE TABLE store_migrations (v)")
        file.execute("INSERT INTO store VALUES ('people.anna', 'taste', '{\"likes\": [\"1\"]}', '', '')")
        for number, (session, step, turn, answered) in enumerate(states):
            card = {
                "id": "2",
                "title": "",
                "attributes": {},
                "reason": "",
                "score": 1.0,
                "sources": ["rank() #1"],
            }
            values = {
                "turn": turn,
                "answered": answered,
                "profile": {"wishes": [f"wish {turn}"]},
                "messages": [{"role": "user", "text": f"turn {turn}"}],
                "summary": {},
                "last": [card],
                "branch:to:reply": None,
            }
            kind, blob = serde.dumps_typed({"channel_values": values})
            row = (session, "", f"{9 - number}", None, kind, blob, json.dumps({"step": step}))
            file.execute("INSERT INTO checkpoints VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def test_sessions_and_people_of_before_are_taken_over_once(film_workspace, tmp_path):
    _write_old_file(
        tmp_path / "sessions.sqlite", [("a", 1, 1, 1), ("a", 5, 2, 2), ("a", 7, 3, 2), ("b", 1, 1, 1)]
    )
    for _ in range(2):
        with Tastemaker(film_workspace, home=tmp_path) as tm:
            assert tm.session("a").profile.wishes == ("wish 2",)
            assert tm.session("a").last_items[0].sources[0].place == 1
            assert tm.session("b").messages == [{"role": "user", "text": "turn 1"}]
            assert tm.person("anna").taste.likes == ("1",)
    with Tastemaker(film_workspace, home=tmp_path) as tm:
        assert tm.session("a").send("a comedy").items
    with closing(sqlite3.connect(tmp_path / "sessions.sqlite")) as file:
        tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"tastemaker_sessions", "tastemaker_people"}
