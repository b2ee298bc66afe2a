"""A simulated user by rules: what is on its card, what it says, and that it never says more."""

import random

import pytest

from tastemaker.evals.simulation.leak_audit import LeakAudit
from tastemaker.evals.simulation.personas import PERSONAS, personas
from tastemaker.evals.simulation.question_answers import answer_question
from tastemaker.evals.simulation.rule_user import RulesUser
from tastemaker.evals.simulation.target_card import Sort, target_card
from tastemaker.evals.simulation.user import AgentTurn
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.filters.conditions import Op
from tastemaker.retrieval.filters.constraints import satisfies


@pytest.fixture
def audit(film_catalog):
    return LeakAudit(film_catalog)


def user(film_catalog, audit, item_id, persona="plain", seed=0, **more):
    item = film_catalog[item_id]
    card = target_card(item, film_catalog, audit)
    return RulesUser(item, card, PERSONAS[persona], film_catalog, audit, random.Random(seed), **more)


def test_a_card_holds_facts_and_neither_title_nor_people(film_catalog, audit):
    for item in film_catalog:
        card = target_card(item, film_catalog, audit)
        assert {fact.field for fact in card.facts} <= {"year", "genres", "premise"}
        assert not [f for f in card.facts if audit.leaks(f.said, audit.secrets(item))]
        for fact in card.facts:
            assert fact.condition is None or satisfies(item, fact.condition)
        for name, value in card.not_labels:
            assert value not in item.attributes[name]
    harbour = target_card(film_catalog["1"], film_catalog, audit)
    assert [fact.said for fact in harbour.of_sort(Sort.SPAN)] == ["from the 1990s"]
    assert not [fact for fact in harbour.facts if "harbour" in fact.said]


@pytest.mark.parametrize("persona", PERSONAS)
def test_nobody_ever_gives_the_item_away_or_says_what_is_not_true(film_catalog, audit, persona):
    for item in film_catalog:
        for seed in range(3):
            one = user(film_catalog, audit, item.id, persona, seed)
            lists = (("2", "5", "8"), (), ("4", "9"), ("3", "7"))
            turns = [AgentTurn(tuple(i for i in shown if i != item.id), "") for shown in lists]
            said = [one.opening(), *(one.answer(turn) for turn in turns)]
            standing = []
            for message in said:
                assert message.text.strip()
                assert not audit.leaks(message.text, audit.secrets(item))
                standing = [c for c in standing if c not in message.taken_back] + list(message.stated)
            assert all(satisfies(item, condition) for condition in standing)


def test_equal_seeds_give_equal_words(film_catalog, audit):
    one, two = (user(film_catalog, audit, "3", "chatty", 5) for _ in range(2))
    assert one.opening() == two.opening()
    assert one.answer(AgentTurn(("5", "8"), "")) == two.answer(AgentTurn(("5", "8"), ""))


def test_a_change_of_mind_is_taken_back_in_the_second_message(film_catalog, audit):
    one = user(film_catalog, audit, "2", "changes-mind")
    first, second = one.opening(), one.answer(AgentTurn(("8",), ""))
    assert first.stated[0].value != "Drama"
    assert second.taken_back == first.stated[:1]
    assert "forget" in second.text


def test_the_contrary_say_what_they_do_not_want(film_catalog, audit):
    one = user(film_catalog, audit, "2", "contrary")
    one.opening()
    said = one.answer(AgentTurn(("5", "8", "12"), ""))
    assert said.stated[0].op is Op.IS_NOT
    assert said.stated[0].value in ("Thriller", "Horror")


def test_other_words_are_used_where_there_are_any(film_catalog, audit):
    one = user(film_catalog, audit, "2", "other-words", other_words=lambda _: None)
    assert not [fact for fact in one.opening().told if fact.sort in (Sort.TAG, Sort.STORY)]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Without “genres is Western” there would be 2. Shall I drop it?", "Yes, drop that."),
        ("Without “genres is Drama” there would be 2. Shall I drop it?", "No, keep that."),
        ("Which “Twin Rivers” do you mean: this or that?", "None of these, I was not naming anything."),
        ("Shall I show some of them again?", "No, not again."),
        ("Would you rather have a comedy or a drama?", "Drama."),
        ("A comedy or horror?", "Neither, rather drama."),
        ("Which year should it be from?", "From the 1950s."),
        ("Do you have a favourite director?", "I don't remember that."),
        ("How are you?", "I don't mind."),
    ],
)
def test_questions_are_answered_by_what_they_name(film_catalog, audit, question, answer):
    item = film_catalog["2"]
    facts = target_card(item, film_catalog, audit).facts
    assert answer_question(question, item, film_catalog, facts).text == answer


def test_a_condition_on_a_number_that_was_never_stated_is_denied(film_catalog, audit):
    one = user(film_catalog, audit, "2", "terse")
    one.opening()
    turn = AgentTurn(
        (), "Everything that fits year between 1930 and 1939 you have seen.", "Shall I show them again?"
    )
    assert one.answer(turn).text == "Forget the year, I said nothing of it."


def test_a_condition_that_may_be_dropped_is_no_longer_held(film_catalog, audit):
    one = user(film_catalog, audit, "1", "plain")
    (crime_or_thriller, *_) = one.opening().stated
    both = AgentTurn(
        (), "Nothing fits.", "Without “genres all of Crime, Western” there would be 2. Shall I drop it?"
    )
    assert one.answer(both).taken_back == (crime_or_thriller,)
    kept = AgentTurn((), "Nothing fits.", "Without “genres is Crime” there would be 2. Shall I drop it?")
    assert one.answer(kept).taken_back == ()


def test_an_unknown_persona_is_named():
    with pytest.raises(ConfigError, match="did you mean 'terse'"):
        personas(["ters"])
