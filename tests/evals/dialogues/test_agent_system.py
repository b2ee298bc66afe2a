"""The agent under test: what it is told of a logged moment, and what counts as its answer."""

from dataclasses import replace

import pytest

from tastemaker.evals.dialogues.agent_system import AgentSystem
from tastemaker.evals.dialogues.case import DialogueCase, Utterance
from tastemaker.evals.dialogues.system import Folds
from tastemaker.tools.conversation_ranker.folds import fold_of

CASE = DialogueCase(
    "c",
    "c",
    3,
    (
        Utterance("seeker", "I loved Harbour Lights, The Cellar was awful"),
        Utterance("recommender", "I see."),
        Utterance("seeker", "something tense on a train"),
        Utterance("recommender", "Hm."),
    ),
    ("1", "8"),
    ("3",),
    sentiment={"8": "disliked"},
    response="Night Train North",
)


@pytest.fixture
def system(film_workspace):
    agent = AgentSystem(film_workspace, None, "balanced", None)
    yield agent
    agent.close()


def heard(answer):
    (understood,) = [event for event in answer.trace if event["kind"] == "understood"]
    return understood["profile"]


def test_the_last_words_of_the_seeker_are_answered(system):
    answer = system.answer(CASE)
    assert answer.items[0] == "3"
    assert heard(answer)["wishes"] == ["something tense on a train"]
    assert (heard(answer)["likes"], heard(answer)["dislikes"]) == (["1"], ["8"])
    assert not {"1", "8"} & set(answer.items)
    assert len(answer.items) == 10
    assert answer.text
    assert answer.first_seconds > 0


def test_a_moment_before_anything_was_said_has_an_answer_too(system):
    answer = system.answer(replace(CASE, context=(), mentioned=(), sentiment={}))
    assert answer.items


@pytest.mark.parametrize("message", ["thanks!", "what is it about?"])
def test_who_was_only_talked_to_asks_for_suggestions(system, message):
    answer = system.answer(replace(CASE, context=(*CASE.context[:2], Utterance("seeker", message))))
    kinds = [event["kind"] for event in answer.trace]
    assert kinds.count("asked again") == 1
    asked = answer.trace[kinds.index("asked again")]
    assert asked["answer"]
    assert answer.items
    assert not {"1", "8"} & set(answer.items)


def test_moments_know_nothing_of_one_another(system):
    system.answer(CASE)
    fresh = system.answer(replace(CASE, id="d", mentioned=(), sentiment={}))
    assert heard(fresh)["likes"] == []
    assert "1" in fresh.items


def test_each_conversation_is_asked_of_the_agent_that_has_not_learned_from_it(film_workspace):
    cases = [
        replace(
            CASE,
            id=f"c{n}",
            group=f"g{n}",
            mentioned=(("1",), ("4",))[n % 2],
            gold=(("3",), ("6",))[n % 2],
            sentiment={},
        )
        for n in range(100)
    ]
    folds = Folds(film_workspace.tool_context(), cases)
    system = AgentSystem(film_workspace, None, "balanced", folds)
    try:
        for fold, agent in system._agents.items():
            learned = agent.resources.tool_context.conversation.record
            assert learned["conversations"] == sum(fold_of(case.group) != fold for case in cases)
        answer = system.answer(cases[0])
        assert "conversation" in [event["tool"] for event in answer.trace if event["kind"] == "tool"]
    finally:
        system.close()
