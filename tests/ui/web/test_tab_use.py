"""A tab without a browser: stopped, forked, resumed, with messages in line; and the list that a browser keeps."""

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.errors import QueryError
from tastemaker.ui.web.conversation import announcement, conversation
from tastemaker.ui.web.conversation_list import MAX_KEPT, read_list, rename_in_list, with_conversation
from tastemaker.ui.web.past import past_exchanges
from tastemaker.ui.web.request_chips import request_chips, without_preference, without_request
from tastemaker.ui.web.suggestions import suggestions
from tastemaker.ui.web.tab import FULL, MAX_WAITING, STOPPED, Tab


@pytest.fixture
def tm(film_workspace, tmp_path):
    with Tastemaker(film_workspace, home=tmp_path) as opened:
        yield opened


def say(tab, message):
    *_, exchange = tab.say(message)
    return exchange


def test_a_stopped_turn_is_not_kept_and_the_next_one_is(tm):
    tab = Tab(tm.session())
    turn = tab.say("a thriller")
    next(turn)
    next(turn)
    tab.wait_in_line("never asked")
    tab.stop()
    assert (tab.exchanges[-1].error, tab.waiting) == (STOPPED, [])
    list(turn)
    assert not tab.busy
    assert tab.session.messages == []
    assert say(tab, "a drama").reply.items


def test_messages_wait_in_order_and_not_without_end(tm):
    tab = Tab(tm.session())
    assert all(tab.wait_in_line(str(n)) for n in range(MAX_WAITING))
    assert not tab.wait_in_line("one more")
    assert tab.notice == FULL
    assert [tab.next_in_line() for _ in range(MAX_WAITING + 1)] == [*map(str, range(MAX_WAITING)), None]


def test_a_fork_begins_before_a_message_and_survives_a_reload(tm):
    tab = Tab(tm.session())
    say(tab, "a drama")
    first = say(tab, "before 1995")
    old, shown = tab.session, [card.id for card in first.cards]
    tab.fork(tm.session(), 1, shown)
    assert tab.session.id != old.id
    assert [one.message for one in tab.exchanges] == ["a drama"]
    assert len(old.messages) == 4
    again = say(tab, "before 1995")
    assert {card.id for card in again.cards}.isdisjoint(shown)
    back = past_exchanges(tm.session(tab.session.id))
    assert [one.message for one in back] == ["a drama", "before 1995"]
    assert [card.id for card in back[1].cards] == [card.id for card in again.cards]
    with pytest.raises(QueryError, match="too far back"):
        tab.fork(tm.session(), 7)


def test_a_trace_that_breaks_off_gives_what_is_whole(tm):
    tab = Tab(tm.session())
    say(tab, "a drama")
    with tab.session.trace.path.open("a") as file:
        file.write(
            '{"turn": 2, "kind": "started", "message": "half", "llm": "rules", "effort": "fast"}\n{"tur'
        )
    assert [one.message for one in past_exchanges(tm.session(tab.session.id))] == ["a drama"]


def test_what_is_new_is_announced_and_nothing_twice(tm):
    tab = Tab(tm.session())
    assert announcement(tab) == ""
    first = say(tab, "a drama")
    assert first.cards[0].title in announcement(tab)
    say(tab, "a comedy")
    assert first.cards[0].title not in announcement(tab)
    assert 'aria-live="off"' in conversation(tab, _faces(tm), tab.session.profile)


def _faces(tm):
    from tastemaker.ui.web.cards import CardFaces

    return CardFaces(tm.resources.tool_context.catalog)


def test_chips_of_the_request_are_dropped_one_by_one_and_all_at_once(tm):
    catalog = tm.resources.tool_context.catalog
    session = tm.session(liked=["Paper Moons (1988)"])
    session.send("a thriller from the nineties, no horror")
    assert str(request_chips(session.profile, catalog)).count("tm-chip ") >= 2
    without_preference(session, "nothing")
    without_request(session)
    assert request_chips(session.profile, catalog) == ""
    assert session.profile.likes == ("4",)
    session.undo()
    assert session.profile.constraints


def test_suggestions_are_made_of_the_answer(tm):
    reply = tm.session().send("a thriller", 3)
    catalog = tm.resources.tool_context.catalog
    said = dict(suggestions(reply.items, catalog))
    assert said[f"More like {reply.items[0].title}"] == f"More like {reply.items[0].title}"
    assert said["Something else"] == "something else"
    assert list(dict(suggestions((), catalog))) == ["Show me something"]


def test_a_browsers_list_is_read_with_care():
    hostile = [{"id": "a", "title": "A"}, {"id": 5, "title": "B"}, "x", None, {"id": "c", "title": "C" * 500}]
    assert [(one["id"], len(one["title"])) for one in read_list(hostile)] == [("a", 1), ("c", 60)]
    assert read_list("x") == []
    kept = with_conversation(read_list(hostile), "c", "again")
    assert [one["id"] for one in kept] == ["c", "a"]
    assert (
        len(with_conversation([{"id": str(n), "title": "t"} for n in range(MAX_KEPT)], "new", "m"))
        == MAX_KEPT
    )
    assert rename_in_list(kept, "a", "  Tea \n for Ann ")[1] == {"id": "a", "title": "Tea for Ann"}
    assert rename_in_list(kept, "a", "   ") == kept
