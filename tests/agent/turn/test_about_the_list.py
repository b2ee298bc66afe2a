"""Whole turns about the list shown: questions on it, taking one and going on, what was seen, somebody's other films."""

import pytest

from tastemaker.agent import Tastemaker


@pytest.fixture
def session(faceted_workspace):
    with Tastemaker(faceted_workspace) as agent:
        yield agent.session()


def titles(reply):
    return [card.title for card in reply.items]


def test_a_question_on_the_list_is_answered_in_words_and_not_by_another_list(session):
    shown = titles(session.send("a thriller", k=3))
    for asked in (
        "anything under two hours among those?",
        "have you got one by Ben Marsh in there?",
        "are those three connected?",
        "which one was made first?",
        "does Ada Stone turn up in any of them?",
        "of these, which is the least violent?",
    ):
        reply = session.send(asked)
        assert not reply.items, asked
        assert reply.message
    assert shown


def test_who_is_asked_for_and_is_not_there_is_said_with_where_else_they_are(session):
    session.send("a thriller", k=3)
    said = session.send("is there one by Cleo Hart in there?").message
    assert said.startswith("None of them")
    assert "Paper Moons (1988)" in said
    assert "Second Harvest (1999)" in said


def test_the_rest_is_what_was_not_spoken_of_and_is_not_known(session):
    shown = titles(session.send("a thriller", k=3))
    session.send("who made the first one?")
    said = session.send("and how long are the others?").message
    assert shown[1] in said or shown[2] in said
    said = session.send("which of the rest is the shortest?").message
    assert said


def test_a_question_goes_on_to_the_next_item(session):
    shown = session.send("a thriller", k=3).items
    first = session.send("who made the first one?").message
    third = session.send("and the third?").message
    second = session.send("what about number 2?").message
    for card, said in zip(shown, (first, second, third), strict=True):
        assert said == f"{card.title} is by {card.attributes['director'][0]}."


def test_it_is_the_place_named_before_it_in_the_message(session):
    shown = session.send("a thriller", k=3).items
    reply = session.send("the second sounds good, who made it?")
    assert shown[1].title in reply.message
    assert not session.profile.taken


def test_what_the_answer_named_is_taken_by_that_one(session):
    shown = session.send("a thriller", k=3).items
    oldest = min(shown, key=lambda card: card.attributes["year"])
    session.send("which of these is the oldest?")
    session.send("perfect, that one")
    assert session.profile.taken == (oldest.id,)


def test_the_shortest_one_is_taken_by_that_name(session):
    shown = session.send("a thriller", k=3).items
    oldest = min(shown, key=lambda card: card.attributes["year"])
    session.send("I think I'll go with the oldest one")
    assert session.profile.taken == (oldest.id,)


def test_places_are_those_of_the_list_after_the_answer_showed_one_of_it(session):
    shown = session.send("a thriller", k=3).items
    assert len(session.send("which of these is the newest?", k=3).items) <= 1
    session.send("seen the second and the third")
    assert {shown[1].id, shown[2].id} <= set(session.profile.history)


def test_the_list_without_a_place_is_asked(session):
    shown = titles(session.send("a thriller", k=3))
    said = session.send("apart from the first, which one is shortest?").message
    assert shown[0] not in said
    assert shown[1] in said or shown[2] in said


def test_after_several_were_named_it_is_asked_which_one_is_taken(session):
    shown = titles(session.send("a thriller", k=3))
    session.send("which of these are thrillers?")
    reply = session.send("ok that one then")
    assert not session.profile.taken
    assert "Which one do you take" in reply.question
    assert shown[0] in reply.question


def test_what_is_asked_after_taking_one_is_carried_out(session):
    shown = session.send("by Ada Stone", k=3).items
    reply = session.send(
        "I'll go with the first. And for tomorrow something in the same vein by somebody else", k=3
    )
    assert session.profile.taken == (shown[0].id,)
    assert any(shown[0].title in note for note in reply.notes)
    assert reply.items
    assert all("Ada Stone" not in card.attributes["director"] for card in reply.items)
    session.send("undo")
    assert not session.profile.taken


def test_a_question_after_taking_one_is_about_that_one(session):
    shown = session.send("a thriller", k=3).items
    reply = session.send("we'll take number two. who made it?")
    assert session.profile.taken == (shown[1].id,)
    assert shown[1].attributes["director"][0] in reply.message


@pytest.mark.parametrize(
    "seen",
    ["seen 1 and 2", "Den ersten und den zweiten kenne ich schon", "been there done that with the first two"],
)
def test_what_was_seen_does_not_come_again(session, seen):
    shown = titles(session.send("a thriller", k=3))
    again = titles(session.send(seen, k=3))
    assert not set(shown[:2]) & set(again)


def test_an_item_called_by_its_name_is_known(session):
    shown = titles(session.send("a thriller", k=3))
    word = shown[1].lower().split()[0]
    again = titles(session.send(f"the {word} one I've seen", k=3))
    assert shown[1] not in again


def test_more_like_a_place_shows_neither_it_nor_the_list_again(session):
    shown = titles(session.send("a thriller", k=2))
    again = titles(session.send("more like number two", k=2))
    assert again
    assert not set(shown) & set(again)


def test_somebodys_other_films_are_shown_and_who_is_unclear_is_said(session):
    session.send("something tense from 1994", k=1)
    session.send("who made it?")
    reply = session.send("what else has she made?", k=3)
    assert reply.items
    assert all("Ada Stone" in card.attributes["director"] for card in reply.items)
    assert "Harbour Lights (1994)" not in titles(reply)


def test_nobody_is_meant_where_nobody_was_named(faceted_workspace):
    with Tastemaker(faceted_workspace) as agent:
        session = agent.session()
        session.send("something quiet", k=3)
        reply = session.send("what else was he in?")
        assert "whom you mean" in reply.message
        assert not reply.items


def test_thanks_alone_take_nothing(session):
    session.send("a thriller", k=3)
    session.send("great, thanks")
    assert not session.profile.taken
    assert session.send("sold", k=3).question
