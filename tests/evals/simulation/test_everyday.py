"""The hard level: everyday words that name no attribute, near misses, changes of mind, impatience, equal seeds."""

import json
import random

import pytest

from tastemaker.agent.nlu.tokenizer import words
from tastemaker.evals.runs.run_folder import read_run, run_head
from tastemaker.evals.simulation import run
from tastemaker.evals.simulation.agents_under_test import CallableUnderTest
from tastemaker.evals.simulation.everyday_card import everyday_card
from tastemaker.evals.simulation.everyday_personas import EVERYDAY_PERSONAS, Level, personas_of
from tastemaker.evals.simulation.everyday_user import FAREWELL, EverydayUser, ImpatientUser
from tastemaker.evals.simulation.everyday_wishes import wishes_for
from tastemaker.evals.simulation.leak_audit import LeakAudit
from tastemaker.evals.simulation.llm_user import ModelUser
from tastemaker.evals.simulation.user import AgentTurn
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.filters.constraints import satisfies

SILENT = AgentTurn(("4", "6"), "")


@pytest.fixture
def audit(faceted_catalog):
    return LeakAudit(faceted_catalog)


def card_of(catalog, audit, item_id, seed=0):
    other_words = {"Crime": "wrongdoing"}.get
    return everyday_card(
        catalog[item_id], catalog, audit, wishes_for(catalog), other_words, random.Random(seed)
    )


def user(catalog, audit, item_id, persona="feeling", seed=0):
    card = card_of(catalog, audit, item_id, seed)
    dice = random.Random(seed)
    return EverydayUser(catalog[item_id], card, EVERYDAY_PERSONAS[persona], catalog, audit, dice)


def test_a_card_is_true_and_names_no_attribute_and_no_value(faceted_catalog, audit):
    wishes = wishes_for(faceted_catalog)
    assert {wish.condition.field for wish in wishes} == {"moods", "violence", "age_from"}
    for item in faceted_catalog:
        card = card_of(faceted_catalog, audit, item.id)
        for fact in card.card.facts:
            if fact.key in card.wishes:
                wish = card.wishes[fact.key]
                assert satisfies(item, wish.condition)
                said = {word.norm for word in words(fact.said)}
                assert not said & {wish.condition.field, str(wish.condition.value)}
            else:
                assert fact.said.startswith("from the ")
        for wish in card.refusable:
            assert satisfies(item, wish.refusal)
    assert not card_of(faceted_catalog, audit, "12").wishes


def test_what_near_misses_share_is_turned_down_and_held_against_what_follows(faceted_catalog, audit):
    choosy = user(faceted_catalog, audit, "1", "choosy")  # family, no violence
    choosy.opening()
    said = choosy.answer(AgentTurn(("2", "4", "6"), ""))  # dark and funny
    assert said.stated
    assert all(satisfies(faceted_catalog["1"], condition) for condition in said.stated)
    assert not all(satisfies(faceted_catalog["2"], condition) for condition in said.stated)


def test_a_change_of_mind_takes_back_what_the_item_is_not(faceted_catalog, audit):
    wavering = user(faceted_catalog, audit, "1", "wavering")
    wavering.opening()
    wrong = wavering._wrong
    assert not satisfies(faceted_catalog["1"], wrong.condition)
    first, second = wavering.answer(SILENT), wavering.answer(SILENT)
    assert "second thoughts" not in first.text
    assert "second thoughts" in second.text
    assert wrong.refusal in second.stated


def test_patience_ends_when_nothing_comes_near(faceted_catalog, audit):
    inner = user(faceted_catalog, audit, "1")
    hurried = ImpatientUser(inner, inner.card, 1, faceted_catalog)
    hurried.opening()
    near = next(i.id for i in faceted_catalog if all(w.holds_of(i) for w in hurried._told) and i.id != "1")
    assert not hurried.answer(AgentTurn((near,), "")).leaves
    empty = AgentTurn((), "")
    assert not hurried.answer(empty).leaves
    gone = hurried.answer(empty)
    assert (gone.text, gone.leaves) == (FAREWELL, True)


def test_a_run_is_frozen_by_its_seed_and_keeps_the_farewell(faceted_catalog, audit, tmp_path):
    class NoWords:
        of = staticmethod(lambda _: None)

    cast = run.Cast(faceted_catalog, audit, NoWords)
    wanted = [run.Wanted("a", "1", ()), run.Wanted("b", "3", ())]
    cases = run.simulation_cases(wanted, personas_of("hard", ["impatient", "feeling"]), 1)
    agent = CallableUnderTest(lambda asked: {"items": [], "text": "hm"}, 3)
    rows = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        head = run_head(run.KIND, "x", data={"name": "films"}, parameters={})
        run.run_conversations(cases, cast, agent, folder, head, 5, progress=False)
        rows.append(read_run(folder)[1])
    said = [[[turn["user"] for turn in row["trace"]] for row in one] for one in rows]
    assert said[0] == said[1]
    assert {row["farewell"] for row in rows[0]} == {FAREWELL}
    assert {row["metrics"]["turns"] for row in rows[0]} == {6.0}
    by_persona = {row["slices"]["persona"]: len(row["trace"]) for row in rows[0]}
    assert by_persona == {"impatient": 2, "feeling": 3}


def test_a_model_plays_the_same_people_from_the_same_card(faceted_catalog, audit, fake_model):
    class NoWords:
        of = staticmethod(lambda _: None)

    cast = run.Cast(faceted_catalog, audit, NoWords, fake_model)
    (case,) = run.simulation_cases([run.Wanted("a", "1", ())], personas_of("hard", ["choosy"]), 1)
    played = cast.user(case)
    assert isinstance(played.inner, ModelUser)
    fake_model.enqueue({"tell": [], "say": "something for tonight"})
    assert played.opening().text == "something for tonight"
    asked = json.dumps(fake_model.history)
    assert "Harbour" not in asked
    assert EVERYDAY_PERSONAS["choosy"].manner in asked


@pytest.mark.parametrize(("level", "name"), [("hard", "terse"), ("easy", "choosy"), ("middling", "terse")])
def test_a_persona_or_level_that_is_not_there_is_said_so(level, name):
    with pytest.raises(ConfigError):
        personas_of(level, [name])


def test_the_easy_level_keeps_its_people():
    names = ["plain", "terse", "chatty", "contrary", "changes-mind", "other-words"]
    assert [one.name for one in personas_of(Level.EASY, [])] == names
