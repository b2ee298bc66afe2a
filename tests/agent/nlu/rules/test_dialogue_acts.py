"""Talking about the conversation itself: compare, why not, refer back, start over."""

import pytest

from tastemaker.agent.nlu.rules.acts.dialogue_acts import act_of, relatives, resolve_relatives
from tastemaker.agent.nlu.understanding import Act
from tastemaker.retrieval.filters.constraints import describe


@pytest.mark.parametrize(
    ("message", "act"),
    [
        ("compare the first two", Act.COMPARE),
        ("What's the difference between Star Ferry and The Cellar?", Act.COMPARE),
        ("which of the two would suit me better?", Act.COMPARE),
        ("why not The Cellar?", Act.WHY_NOT),
        ("why didn't you show me Star Ferry", Act.WHY_NOT),
        ("what did you show me first?", Act.RECALL),
        ("what have you already recommended", Act.RECALL),
        ("start over", Act.RESTART),
        ("forget everything", Act.RESTART),
        ("something different", None),
        ("forget the nineties", None),
        ("why this?", None),
        ("start with something light", None),
    ],
)
def test_acts_are_told_apart(message, act):
    assert act_of(message) is act


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("more like that but newer", ["year after 1982"]),
        ("something older please", ["year before 1982"]),
        ("not that director", ["director none of Ben Marsh"]),
        ("more by the same director", ["director any of Ben Marsh"]),
        ("nothing with this genre", ["genres none of Sci-Fi"]),
        ("newer than 1990", []),
        ("cheaper", []),
        ("I like that director", []),
    ],
)
def test_comparisons_become_conditions(film_catalog, message, told):
    conditions, notes = resolve_relatives(relatives(message, film_catalog), [film_catalog["7"]])
    assert [describe(condition) for condition in conditions] == told
    assert not notes


def test_a_comparison_with_nothing_is_said_so(film_catalog):
    conditions, notes = resolve_relatives(relatives("something newer", film_catalog), [])
    assert not conditions
    assert "year" in notes[0]


def test_newer_than_several_is_newer_than_their_middle(film_catalog):
    shown = [film_catalog[i] for i in ("8", "7", "9")]
    conditions, _ = resolve_relatives(relatives("newer ones", film_catalog), shown)
    assert [describe(condition) for condition in conditions] == ["year after 1982"]


def test_comparing_names_what_is_shared_and_what_is_not(tm):
    session = tm.session(liked=["Harbour Lights (1994)"])
    told = session.send("compare Laughing Stock and Twin Rivers (1990)").message
    assert "Both: by Eve Lund." in told
    assert "Laughing Stock (1991): from 1991" in told
    assert "Twin Rivers (1990): from 1990" in told
    assert "Going by what you like" in told
    assert not session.profile.likes[1:]


def test_the_first_two_are_those_shown_last(tm):
    session = tm.session()
    first, second = (card.title for card in session.send("a thriller or a drama", k=2).items)
    told = session.send("compare the first two").message
    assert first in told
    assert second in told


@pytest.mark.parametrize(
    "asked",
    [
        "compare 1 and 2",
        "1 vs 2",
        "#1 or #2?",
        "how do 1 and 2 compare?",
        "how does the first compare to number 2?",
        "which one is shorter, 1 or 2?",
        "which is funnier, the first or the second?",
    ],
)
def test_places_in_digits_are_compared(tm, asked):
    session = tm.session()
    first, second, third = (card.title for card in session.send("a thriller or a drama", k=3).items)
    told = session.send(asked).message
    assert first in told
    assert second in told
    assert third not in told


def test_numbers_of_a_wish_are_no_places(tm):
    session = tm.session()
    session.send("a thriller or a drama", k=3)
    for wish in (
        "something for 2 or 3 people",
        "which thriller is under 2 hours?",
        "a film from 1990 or 1991",
    ):
        assert act_of(wish) is None, wish


def test_why_not_names_what_is_in_the_way(tm):
    session = tm.session(liked=["Harbour Lights (1994)"], disliked=["Paper Moons (1988)"])
    session.send("something from the nineties", k=2)
    assert "does not meet your condition: year" in session.send("why not Star Ferry?").message
    assert "do not like" in session.send("why not Paper Moons?").message
    assert "already" in session.send("why not Harbour Lights?").message
    assert "does not have it" in session.send("why not Casablanca?").message


def test_why_not_tells_the_place_of_what_is_allowed(tm):
    session = tm.session()
    shown = {card.id for card in session.send("a thriller", k=1).items}
    other = next(
        i for i in tm.workspace.catalog if "Thriller" in i.attributes["genres"] and i.id not in shown
    )
    told = session.send(f"why not {other.title}?").message
    assert "meets your conditions" in told or "number" in told


def test_what_was_shown_first_and_last(tm):
    session = tm.session()
    assert "nothing" in session.send("what did you show me?").message.replace(
        "not shown you anything", "nothing"
    )
    first = session.send("a thriller", k=1).items[0].title
    second = session.send("show me others", k=1).items[0].title
    assert first in session.send("what did you show me first?").message
    told = session.send("what did you show me?").message
    assert second in told
    assert first not in told


def test_starting_over_forgets_and_can_be_undone(tm):
    session = tm.session(liked=["Harbour Lights (1994)"])
    session.send("a comedy from the nineties")
    before = session.profile
    reply = session.send("start over")
    assert session.profile == type(before)()
    assert "undo" in reply.notes[0]
    session.send("undo")
    assert session.profile.constraints == before.constraints
    assert session.profile.likes == before.likes


def test_referring_back_edits_conditions(tm):
    session = tm.session()
    shown = session.send("a drama", k=3).items
    session.send("more like the second one but older")
    year = shown[1].attributes["year"]
    assert f"year before {year}" in [describe(c) for c in session.profile.constraints]
    assert shown[1].id in session.profile.likes
    assert all("second" not in wish for wish in session.profile.wishes)


def test_why_this_explains_the_list(tm):
    session = tm.session()
    shown = session.send("a thriller", k=2).items
    told = session.send("why these?").message
    assert all(card.title in told and card.reason in told for card in shown)


def test_the_first_and_the_third_are_compared(tm):
    session = tm.session()
    shown = session.send("a drama", k=3).items
    told = session.send("compare the first and the third").message
    assert shown[0].title in told
    assert shown[2].title in told
    assert shown[1].title not in told


def test_titles_that_are_not_there_are_not_compared_with_others(tm):
    session = tm.session()
    session.send("a drama", k=3)
    assert "Name two titles" in session.send("compare Airplane and Ghostbusters").message


def test_why_this_says_where_it_came_from_in_words(tm):
    session = tm.session(liked=["Harbour Lights (1994)"])
    session.send("something tense", k=1)
    told = session.send("why?").message
    assert "number 1 of" in told
    assert "your whole request" in told
    assert "(" not in told.partition("It is")[2]
    assert "#" not in told
