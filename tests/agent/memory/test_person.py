"""What is known of a person across sessions: taken back item by item, or erased with all that identifies them."""

import pytest

from tastemaker.agent.trace import Trace
from tastemaker.retrieval.errors import QueryError


def test_one_item_is_taken_back(tm):
    tm.session(
        liked=["Harbour Lights (1994)", "Star Ferry (1982)"], disliked=["The Cellar (1974)"], person="bea"
    )
    person = tm.person("bea")
    assert person.forget("1").likes == ("7",)
    assert person.forget("8").dislikes == ()
    assert tm.session(person="bea").profile.likes == ("7",)
    with pytest.raises(QueryError, match="no item"):
        person.forget("99")
    person.erase()


def test_erasing_a_person_erases_their_conversations_traces_and_logs(tm):
    one, two = tm.session(person="cid"), tm.session(person="cid")
    other = tm.session(person="dee")
    for session in (one, two, other):
        session.send("a comedy")
        session.like("1")
    assert tm.person("cid").sessions == (one.id, two.id)
    assert one.feedback.path.exists()
    tm.person("cid").erase()
    for session in (one, two):
        assert not session.feedback.path.exists()
        assert not session.trace.path.exists()
        assert tm.session(session.id).messages == []
    assert tm.person("cid").taste.likes == ()
    assert tm.person("cid").sessions == ()
    assert other.feedback.path.exists()
    assert isinstance(other.trace, Trace)
    assert tm.person("dee").taste.likes == ("1",)
    tm.person("dee").erase()


def test_a_session_opened_again_is_counted_once(tm):
    session = tm.session(person="eli")
    tm.session(session.id, person="eli")
    assert tm.person("eli").sessions == (session.id,)
    tm.person("eli").erase()


def test_a_turn_that_ends_after_its_person_was_erased_is_found_by_the_next_erasure(tm):
    session = tm.session(person="fay")
    tm.person("fay").erase()
    session.send("a comedy")
    assert tm.person("fay").sessions == (session.id,)
    tm.person("fay").erase()
    assert tm.session(session.id).messages == []
