"""Bare answers to the question that was asked last."""

import pytest

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.clarification_answers import read_answer
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.retrieval.filters.constraints import Constraint, Op

WHICH = PendingQuestion(kind="title", text="Which?", ids=("10", "11"), mention="Twin Rivers")
TASTE = PendingQuestion(kind="taste", text="Would you rather?", field="genres", choices=("Comedy", "Drama"))
WESTERN = Constraint(field="genres", op=Op.IS, value="Western")
OLD = Constraint(field="year", op=Op.AT_MOST, value=1979)


def likes(message, catalog):
    found = read_answer(message, WHICH, TasteProfile(), catalog)
    return found and found.profile.likes


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("the first", ("10",)),
        ("First one, please", ("10",)),
        ("I meant the second one", ("11",)),
        ("2", ("11",)),
        ("the last", ("11",)),
        ("1990", ("10",)),
        ("the one from 2005", ("11",)),
        ("The newer one!", ("11",)),
        ("the original", ("10",)),
        ("the western", ("11",)),
        ("the one by Eve Lund", ("10",)),
        ("Moor", ("11",)),
        ("Twin Rivers (2005)", ("11",)),
        ("either", ("10",)),
        ("I don't mind", ("10",)),
        ("both", ("10", "11")),
        ("neither", ()),
        ("none of them", ()),
        ("no", ()),
        ("the third one", None),
        ("something with sharks", None),
        ("the one by Ada Stone", None),
        ("Twin Rivers", None),
        ("a comedy from the nineties, but nothing with a clown in it please", None),
    ],
)
def test_which_title(message, meant, film_catalog):
    assert likes(message, film_catalog) == meant


def test_which_title_keeps_how_it_was_spoken_of(film_catalog):
    seen = WHICH.model_copy(update={"sentiment": "seen"})
    assert read_answer("the first", seen, TasteProfile(), film_catalog).profile.history == ("10",)
    hated = WHICH.model_copy(update={"sentiment": "disliked"})
    assert read_answer("the first", hated, TasteProfile(), film_catalog).profile.dislikes == ("10",)
    asked = WHICH.model_copy(update={"sentiment": "asked", "named": ("1",)})
    found = read_answer("the first", asked, TasteProfile(), film_catalog)
    assert (found.profile, found.named, found.title) == (TasteProfile(), ("1", "10"), True)


@pytest.mark.parametrize(
    ("message", "op", "value"),
    [
        ("the first", Op.IS, "Comedy"),
        ("drama", Op.IS, "Drama"),
        ("I'd prefer comedies", Op.IS, "Comedy"),
        ("the latter", Op.IS, "Drama"),
        ("both", Op.ALL_OF, ("Comedy", "Drama")),
        ("comedy or drama", Op.ANY_OF, ("Comedy", "Drama")),
        ("neither", Op.NONE_OF, ("Comedy", "Drama")),
        ("neither of them", Op.NONE_OF, ("Comedy", "Drama")),
    ],
)
def test_a_taste_becomes_a_condition(message, op, value, film_catalog):
    (found,) = read_answer(message, TASTE, TasteProfile(), film_catalog).profile.constraints
    assert (found.field, found.op, found.value) == ("genres", op, value)


@pytest.mark.parametrize(
    "message", ["either", "no preference", "I don't mind", "doesn't matter", "whatever", "No."]
)
def test_no_preference_changes_nothing(message, film_catalog):
    assert read_answer(message, TASTE, TasteProfile(), film_catalog).profile == TasteProfile()


@pytest.mark.parametrize(
    "message", ["a horror film", "comedy with sharks", "not comedy", "why?", "others please"]
)
def test_what_is_no_bare_answer_is_read_like_any_message(message, film_catalog):
    assert read_answer(message, TASTE, TasteProfile(), film_catalog) is None


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("yes", (OLD,)),
        ("Yes, drop that", (OLD,)),
        ("ok, drop it please", (OLD,)),
        ("sure, go ahead!", (OLD,)),
        ("no", (WESTERN, OLD)),
        ("no, not again", (WESTERN, OLD)),
        ("No, keep it.", (WESTERN, OLD)),
    ],
)
def test_an_offer_is_taken_or_not(message, kept, film_catalog):
    offer = PendingQuestion(kind="change", text="Shall I drop it?", conditions=(WESTERN,))
    profile = TasteProfile(constraints=(WESTERN, OLD))
    assert read_answer(message, offer, profile, film_catalog).profile.constraints == kept


def test_an_offer_to_widen_puts_the_wider_condition_in_place(film_catalog):
    wider = OLD.model_copy(update={"value": 2005})
    offer = PendingQuestion(kind="change", text="Shall I widen it?", conditions=(OLD,), instead=wider)
    profile = TasteProfile(constraints=(WESTERN, OLD))
    assert read_answer("yes please", offer, profile, film_catalog).profile.constraints == (WESTERN, wider)
    assert read_answer("yes, but no horror", offer, profile, film_catalog) is None


def test_the_weakest_condition_goes(film_catalog):
    asking = PendingQuestion(kind="weakest", text="Which matters least?", conditions=(WESTERN, OLD))
    profile = TasteProfile(constraints=(WESTERN, OLD))
    for message, kept in (("the year", WESTERN), ("the first", OLD), ("the western", OLD)):
        assert read_answer(message, asking, profile, film_catalog).profile.constraints == (kept,)


def test_the_nearest_is_taken_instead_of_naming_a_condition(film_catalog):
    profile = TasteProfile(constraints=(WESTERN, OLD))
    for kind in ("weakest", "change"):
        asking = PendingQuestion(kind=kind, text="Which?", conditions=(WESTERN, OLD))
        after = read_answer("ok, whatever's nearest", asking, profile, film_catalog).profile
        assert after.constraints == ()
        assert [one.condition for one in after.request.prefer] == [WESTERN, OLD]


def test_none_of_these_turns_down_the_list_and_neither_the_values(film_catalog):
    assert read_answer("none of these", TASTE, TasteProfile(), film_catalog) is None
    (kept,) = read_answer("neither", TASTE, TasteProfile(), film_catalog).profile.constraints
    assert kept.op is Op.NONE_OF


def test_in_a_session_the_answer_does_what_was_wanted_then(tm):
    session = tm.session()
    assert session.send("I liked Twin Rivers").question.startswith("Which “Twin Rivers”")
    assert session.send("the newer one").items
    assert session.profile.likes == ("11",)
    session = tm.session()
    session.send("who directed Twin Rivers?")
    assert "Fay Moor" in session.send("the second").message
    session = tm.session()
    session.send("compare Twin Rivers and Star Ferry")
    told = session.send("1990").message
    assert "Twin Rivers (1990)" in told
    assert "Star Ferry (1982)" in told


def test_the_same_title_is_asked_about_once(tm):
    session = tm.session()
    session.send("I liked Twin Rivers")
    session.send("a comedy")
    again = session.send("I liked twin rivers")
    assert "Which" not in again.question
    assert any("Twin Rivers (1990) or Twin Rivers (2005)" in note for note in again.notes)


def test_after_no_the_same_offer_is_not_made_again_and_yes_takes_it(tm):
    session = tm.session()
    first = session.send("a western before 1980").question
    second = session.send("no, not again").question
    assert "need not be listed as Western" in first
    assert second
    assert second != first
    reply = session.send("yes, do that")
    assert reply.items
    assert len(session.profile.constraints) <= 2
    session.undo()
    assert len(session.profile.constraints) == 2


def test_an_answer_asks_no_model(tm_with, fake_model):
    fake_model.enqueue({"intent": "recommend", "mentions": [], "constraints": [], "wish": ""})
    session = tm_with(fake_model, "fast").session()
    session.send("I liked Twin Rivers")
    reply = session.send("the first")
    assert session.profile.likes == ("10",)
    assert reply.usage.calls == 0


def test_a_question_waits_for_its_answer_in_the_next_message_only(tm):
    session = tm.session()
    session.send("I liked Twin Rivers")
    session.send("a thriller")
    session.send("the first one")
    assert "10" not in session.profile.likes


def test_the_question_survives_a_restart(tm, film_workspace):
    from tastemaker.agent import Tastemaker

    session = tm.session()
    session.send("I liked Twin Rivers")
    with Tastemaker(film_workspace) as other:
        again = other.session(session.id)
        again.send("the first")
        assert again.profile.likes == ("10",)
