"""The session store on a real PostgreSQL, started here from Debian's packages."""

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.memory.session_store import PostgresSessions
from tastemaker.retrieval.errors import SessionBusy, WorkspaceError

pytestmark = pytest.mark.wire


def test_a_session_lives_on_in_another_agent(film_workspace, database):
    with Tastemaker(film_workspace, sessions=database) as tm:
        session = tm.session(person="anna", liked=["Harbour Lights (1994)"])
        session.send("no horror")
        session.send("undo")
    with Tastemaker(film_workspace, sessions=database) as tm:
        again = tm.session(session.id)
        assert len(again.messages) == 4
        assert again.profile.likes == ("1",)
        assert again.redo().constraints
        assert tm.session(person="anna").profile.likes == ("1",)
        tm.person("anna").erase()
        assert tm.session(person="anna").profile.likes == ()


def test_two_stores_exclude_each_other_by_session(database):
    one, two = PostgresSessions(database), PostgresSessions(database)
    with one.lock("a"):
        with pytest.raises(SessionBusy), two.lock("a", 0.1):
            pass
        with two.lock("b", 0.1):
            pass
    with two.lock("a", 0.1):
        pass
    one.close()
    two.close()


def test_more_turns_at_once_than_connections(film_workspace, database):
    from concurrent.futures import ThreadPoolExecutor

    with Tastemaker(film_workspace, sessions=database) as tm, ThreadPoolExecutor(24) as pool:
        replies = list(pool.map(lambda _: tm.session().send("a thriller", k=1), range(24)))
    assert len({reply.session for reply in replies}) == 24


def test_a_database_that_is_away_is_a_clear_error_without_the_password(database, monkeypatch):
    monkeypatch.setattr("tastemaker.agent.memory.session_store.CONNECT_SECONDS", 0.5)
    with pytest.raises(WorkspaceError, match="is the database running") as raised:
        PostgresSessions("postgresql://tester:secret@127.0.0.1:9/postgres")
    assert "secret" not in str(raised.value)
