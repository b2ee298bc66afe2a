"""Questions about the list shown: which messages ask them, and what is answered."""

import pytest

from tastemaker.agent.events import Card
from tastemaker.agent.nlu.rules.acts.list_questions import ListAsk, read_list_question
from tastemaker.agent.reply.evidence import Evidence
from tastemaker.agent.reply.list_answers import LEVEL, NONE_KNOWN, NOT_KNOWN, NOTHING_SHOWN, ListAnswers
from tastemaker.retrieval.facets.definition import shipped_facets
from tastemaker.retrieval.facets.matching import FacetMatcher


@pytest.mark.parametrize(
    ("message", "ask", "about"),
    [
        ("which of them is the most relaxing?", ListAsk.MOST, "relaxing"),
        ("hmm, and which one's the least gory?", ListAsk.LEAST, "gory"),
        ("the silliest of the bunch?", ListAsk.MOST, "silliest"),
        ("which has the most action?", ListAsk.MOST, "action"),
        ("ok where do we begin?", ListAsk.START, ""),
        ("what's your favourite of these?", ListAsk.START, ""),
        ("if we only watch one tonight, which?", ListAsk.START, ""),
        ("which is the best?", ListAsk.BEST, ""),
        ("which one would be best for my nephew who is 6?", ListAsk.FOR, "for my nephew who is 6"),
        ("which of these would suit my gran?", ListAsk.FOR, "for my gran"),
        ("are any of them in black and white?", ListAsk.WHICH, "in black and white"),
        ("none of those are gory, are they?", ListAsk.WHICH, "are gory"),
        ("do any have a happy ending", ListAsk.WHICH, "have a happy ending"),
        ("is there a quiet one among them?", ListAsk.WHICH, "quiet one"),
        ("which of those were made in France?", ListAsk.WHICH, "were made in France"),
    ],
)
def test_a_question_about_the_list_is_read(message, ask, about):
    question = read_list_question(message)
    assert question is not None
    assert (question.ask, question.about) == (ask, about)


@pytest.mark.parametrize(
    "message",
    [
        "none of these",
        "none of these are any fun",
        "what's the scariest film you know?",
        "the silliest films please",
        "which film has a shark in it?",
        "what is the best western of 1953?",
        "something gentler",
        "less gory",
        "do you have any quiet ones?",
        "is the second one sad?",
        "which is shorter, the first or the third?",
        "what are the best heist films",
    ],
)
def test_a_wish_and_a_refusal_are_no_such_question(message):
    assert read_list_question(message) is None


@pytest.fixture(scope="module")
def answer(faceted_catalog):
    facets = shipped_facets("films")
    evidence = Evidence(faceted_catalog, facets)
    answers = ListAnswers(faceted_catalog, evidence, FacetMatcher(facets, faceted_catalog), lambda phrase: ())

    def ask(message, *ids):
        cards = [
            Card(id=i, title=faceted_catalog[i].title, attributes={}, reason="Calm.", score=1, sources=())
            for i in ids
        ]
        return answers.answer(read_list_question(message), cards)

    return ask


def test_the_extremes_of_a_level_are_named_with_their_values(answer):
    most = answer("which is the most violent?", "1", "2", "3")
    assert most == "Night Train North (1996), as far as I can tell: it is violent."
    assert answer("which one is the least violent?", "1", "2", "3").startswith("Harbour Lights (1994), ")
    assert answer("which is the most violent?", "2", "5") == LEVEL


def test_an_amount_needs_no_bound_to_be_compared(answer):
    assert answer("which of these is the shortest?", "2", "5").startswith("The Long Verdict (1957), ")


def test_the_nearest_is_no_more_than_that(answer):
    said = answer("which is best for a 5 year old?", "1", "2", "3")
    assert said.startswith(
        "I would not say that any of them is fine at age 5; Harbour Lights (1994) comes nearest"
    )
    assert "fine from age 7" in said


def test_which_of_them_have_a_property(answer):
    some = answer("are any of these funny?", "1", "2", "3")
    assert some.startswith("The Long Verdict (1957) is funny")
    assert answer("are they all funny?", "2", "4").startswith("Both are funny")
    assert answer("are any of them sexy?", "1", "2") in (NOT_KNOWN, NONE_KNOWN)


def test_the_first_in_rank_is_where_to_start_with_its_reason(answer):
    assert answer("which would you start with?", "3", "1").startswith(
        "I would start with Night Train North (1996)"
    )
    assert "Calm." in answer("which would you start with?", "3", "1")
    assert answer("which would you start with?") == NOTHING_SHOWN


def test_the_list_stays_and_no_other_is_shown(tm):
    session = tm.session()
    shown = session.send("a thriller").items
    before = session.profile
    reply = session.send("which of these would you start with?")
    assert reply.items == ()
    assert shown[0].title in reply.message
    assert session.profile.constraints == before.constraints
    assert session.profile.request == before.request
    assert session.send("I'll take the second one").message.count(shown[1].title) == 1
