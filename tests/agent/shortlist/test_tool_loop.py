"""The surrogate-user loop: what it is offered, what it sees, and what its finds count."""

from dataclasses import replace

import pytest

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.understanding import action_schema
from tastemaker.agent.shortlist.fusion import STEP_BESIDE_CONVERSATION, fuse
from tastemaker.agent.shortlist.tool_loop import (
    LAST_SAID,
    MAX_CALL_CHARS,
    MAX_ROW,
    MAX_TALK,
    MAX_TASTE,
    TABLE_ROWS,
    explore,
)
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.rank import rank

FINISH = {"step": {"action": "finish", "why": "they fit"}}


@pytest.fixture
def tool_context(tm):
    return tm.resources.tool_context


@pytest.fixture
def profile():
    return TasteProfile().with_like("1")


def explored(tool_context, profile, model, found=None, said=(), rounds=4):
    lists, calls = [], []
    found = found or [rank(tool_context, profile.taste(), None, (), ("1",))]
    told = explore(
        tool_context, profile, found, model, lambda *call: calls.append(call), lists.append, rounds, said
    )
    return told, lists, calls


def test_every_round_goes_on_from_the_prompt_before_it(tool_context, profile, fake_model):
    fake_model.enqueue(
        {"step": {"action": "similar", "item": "3"}}, {"step": {"action": "rank", "by": "genres"}}, FINISH
    )
    told, lists, calls = explored(tool_context, profile, fake_model, said=["a thriller please"])
    prompts = [messages for _, messages in fake_model.history]
    assert prompts[1][: len(prompts[0])] == prompts[0]
    assert prompts[2][: len(prompts[1])] == prompts[1]
    assert "a thriller please" in prompts[0][-1][1]
    assert prompts[1][-1][1].startswith(lists[0].label())
    assert (told.stopped, told.rounds, told.why) == ("finished", 3, "they fit")
    assert [one.round for one in lists] == [1, 2]
    assert len({sha for sha, _ in calls}) == 3


def test_the_prompts_are_bounded_whatever_is_said(tool_context, profile, fake_model):
    profile = profile.with_wish("long " * 500)
    searched = [Candidates("retrieve", {"text": "long " * 500}, (("3", 1.0),))]
    fake_model.enqueue({"step": {"action": "retrieve", "text": "x" * 5000}}, FINISH)
    explored(tool_context, profile, fake_model, searched, said=["word " * 500] * 9)
    first, second = (messages[-1][1] for _, messages in fake_model.history)
    assert len(first) < MAX_TALK + MAX_TASTE + MAX_CALL_CHARS + TABLE_ROWS * (MAX_ROW + 20) + 200
    assert len(second) < MAX_CALL_CHARS + TABLE_ROWS * (MAX_ROW + 20) + 200
    assert LAST_SAID < 9


def test_a_step_that_fails_is_told_and_the_next_one_counts(tool_context, profile, fake_model):
    fake_model.enqueue({"step": {"action": "filter", "field": "genres", "value": "Opera"}}, FINISH)
    told, lists, _ = explored(tool_context, profile, fake_model)
    assert "failed" in fake_model.history[1][1][-1][1]
    assert lists == []
    assert told.stopped == "finished"


def test_a_step_taken_before_counts_once(tool_context, profile, fake_model):
    again = {"step": {"action": "similar", "item": "3"}}
    told, lists, _ = explored(tool_context, profile, fake_model.enqueue(again, again, FINISH))
    assert len(lists) == 1
    assert "was done before" in fake_model.history[2][1][-1][1]
    assert told.stopped == "finished"


def test_the_grammar_names_the_fields_and_ends_every_text(tool_context):
    shapes = action_schema(tool_context.catalog, ["3"])["properties"]["step"]["anyOf"]
    told = [shape["properties"] for shape in shapes]
    filters = {one["field"]["const"]: one["value"] for one in told if one["action"]["const"] == "filter"}
    assert list(filters) == ["genres", "director"]
    assert filters["genres"] == {"enum": tool_context.catalog.values("genres")}
    free = [value for one in told for value in one.values() if value.get("type") == "string"]
    assert free
    assert all(value["maxLength"] <= 100 for value in free)


def test_beside_a_conversation_ranker_no_ranking_is_offered_as_it_would_not_count(
    tool_context, profile, fake_model
):
    offered = []
    complete = fake_model.complete
    fake_model.complete = lambda schema, *rest: offered.append(schema) or complete(schema, *rest)
    talked = Candidates("conversation", ranked=(("3", 2.0), ("6", 1.0)))
    for found in ([talked], None):
        fake_model.enqueue(FINISH)
        explored(tool_context, profile, fake_model, found)
    shapes = [[shape["properties"] for shape in schema["properties"]["step"]["anyOf"]] for schema in offered]
    actions = [list(dict.fromkeys(shape["action"]["const"] for shape in own)) for own in shapes]
    assert actions == [
        ["filter", "similar", "retrieve", "finish"],
        ["rank", "filter", "similar", "retrieve", "finish"],
    ]
    systems = [messages[0][1] for _, messages in fake_model.history]
    assert ["\nrank:" in system for system in systems] == [False, True]


def test_what_a_step_finds_breaks_ties_and_does_not_overrule_learned_conversations():
    talked = Candidates("conversation", ranked=(("a", 3.0), ("b", 2.99), ("c", 1.0)))
    step = Candidates("similar", ranked=(("b", 4.0), ("c", 3.9), ("x", 2.0)), round=1)
    assert [one.id for one in fuse([talked, step])][:3] == ["b", "a", "c"]
    opening = replace(step, round=0)
    assert fuse([talked, opening])[0].score > fuse([talked, step])[0].score


def test_without_learned_conversations_a_step_counts_like_an_opening_call():
    first = Candidates("rank", ranked=(("a", 3.0), ("b", 2.0)))
    step = Candidates("rank", {"by": "genres"}, ranked=(("b", 4.0), ("a", 1.0)), round=1)
    assert [one.id for one in fuse([first, step])] == ["b", "a"]
    assert STEP_BESIDE_CONVERSATION["rank"] == 0
    talked = Candidates("conversation", ranked=(("a", 3.0), ("b", 2.9)))
    assert [one.id for one in fuse([talked, step])] == ["a", "b"]
