"""Sessions survive crashes, restarts and company; what is known of a person outlives them."""

import multiprocessing
import sqlite3
import threading

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.memory.person import LongTermTaste
from tastemaker.agent.memory.session_store import SqliteSessions, hide_password, open_session_store
from tastemaker.agent.turn import graph as turn_module
from tastemaker.retrieval.errors import ConfigError, QueryError, SessionBusy, WorkspaceError


class Crash(Exception):
    pass


def crash_in(monkeypatch, step):
    def crash(*_):
        raise Crash

    monkeypatch.setattr(turn_module, step, crash)


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
    tm.session().send("a comedy")
    with sqlite3.connect(film_workspace.path / "sessions.sqlite") as file:
        kinds = {kind for (kind,) in file.execute("select distinct type from checkpoints")}
    file.close()
    assert kinds <= {"msgpack", "json"}
