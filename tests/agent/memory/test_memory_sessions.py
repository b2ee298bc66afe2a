"""Sessions that nothing writes down, and conversations that are erased."""

import threading

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.memory.session_store import MEMORY, MemorySessions, open_session_store
from tastemaker.retrieval.errors import SessionBusy


def test_sessions_in_memory_write_nothing(film_workspace, tmp_path):
    home = tmp_path / "home"
    with Tastemaker(film_workspace, sessions=MEMORY, home=home) as tm:
        session = tm.session("s", liked=["Paper Moons (1988)"], person="anna")
        session.send("something tense, no horror")
        assert len(tm.session("s").messages) == 2
        assert tm.session("s").profile.likes == ("4",)
        assert tm.person("anna").taste.likes == ("4",)
        assert list(session.trace.read()) == []
    assert list(tmp_path.rglob("*")) == []
    with Tastemaker(film_workspace, sessions=MEMORY, home=home) as tm:
        assert tm.session("s").messages == []


@pytest.mark.parametrize("sessions", [None, MEMORY])
def test_an_erased_conversation_is_as_if_it_had_never_been(film_workspace, tmp_path, sessions):
    with Tastemaker(film_workspace, sessions=sessions, home=tmp_path) as tm:
        session, other = tm.session("s", person="anna"), tm.session("t")
        for one in (session, other):
            one.like("4")
            one.send("something tense")
        session.erase()
        assert session.messages == []
        assert session.profile.likes == ()
        assert not session.trace.path.exists()
        assert other.trace.path.exists() == (sessions is None)
        assert len(other.messages) == 2
        assert tm.person("anna").taste.likes == ("4",)
        assert session.send("a comedy").items  # and it can begin anew
        session.erase()
        session.erase()


def test_memory_does_not_grow_by_sessions_that_are_erased(film_workspace, tmp_path):
    with Tastemaker(film_workspace, sessions=MEMORY, home=tmp_path) as tm:
        for number in range(5):
            session = tm.session(f"s{number}")
            session.send("something tense")
            session.erase()
        assert not tm._store._states
        assert not tm._store._locks


def test_one_at_a_time_enters_a_name():
    store = open_session_store(MEMORY)
    assert isinstance(store, MemorySessions)
    inside, leave = threading.Event(), threading.Event()

    def stay():
        with store.lock("a"):
            inside.set()
            leave.wait(5)

    thread = threading.Thread(target=stay)
    thread.start()
    inside.wait(5)
    with store.lock("b", 0.01):
        pass
    with pytest.raises(SessionBusy, match="'a'"), store.lock("a", 0.01):
        pass
    leave.set()
    thread.join()
    with store.lock("a", 0.01):
        pass
