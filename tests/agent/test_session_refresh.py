"""A list made anew after an edit: nothing is read, items may come again, and what changed is said."""

from tastemaker.agent.turn.edited import SAME
from tastemaker.retrieval.filters.where_parser import parse_where


def ids(reply):
    return [card.id for card in reply.items]


def refresh(session, edit):
    *_, done = session.refresh(edit)
    return done.reply


def test_a_dropped_condition_changes_the_list_and_not_the_conversation_before(tm):
    session = tm.session()
    first = session.send("after 1990, no horror", 4)
    profile = session.profile
    kept = tuple(one for one in profile.constraints if one.field != "year")
    session.set_profile(profile.model_copy(update={"constraints": kept}))
    again = refresh(session, "Without year")
    new = [item_id for item_id in ids(again) if item_id not in ids(first)]
    assert new
    assert set(ids(again)) & set(ids(first))
    assert any("new." in note for note in again.notes)
    assert ids(again) == [card.id for card in session.last_items]
    assert [one["text"] for one in session.messages if one["role"] == "user"][-1] == "Without year"
    assert set(ids(first)) & set(session.profile.shown)


def test_the_words_of_an_edit_are_not_read(tm):
    session = tm.session()
    first = session.send("a drama", 3)
    again = refresh(session, "no drama, only horror before 1980, undo, start over")
    assert session.profile.constraints == () or "Horror" not in str(session.profile.constraints)
    assert ids(again)[:3] == ids(first)
    assert again.notes[-1] in (SAME, "Two of these five are new.")


def test_every_condition_still_holds(tm):
    session = tm.session()
    session.send("something tense")
    catalog = tm.resources.tool_context.catalog
    session.add_constraint(parse_where("year at least 1990", catalog.schema))
    reply = refresh(session, "Only year at least 1990")
    assert reply.items
    assert all(card.attributes["year"] >= 1990 for card in reply.items)


def test_it_is_told_again_after_a_reload_and_is_no_turn_to_hold_again(tm):
    from tastemaker.agent.feedback import read_feedback
    from tastemaker.ui.web.past import past_exchanges

    session = tm.session()
    session.send("a drama")
    refresh(session, "Without drama")
    told = past_exchanges(tm.session(session.id))
    assert [(one.message, one.edited, one.before is None) for one in told] == [
        ("a drama", False, False),
        ("Without drama", True, True),
    ]
    assert [one["message"] for one in read_feedback(session.feedback.path) if one["kind"] == "turn"] == [
        "a drama"
    ]
