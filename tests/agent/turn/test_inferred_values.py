"""A conversation over a catalogue with inferred and computed attributes: conditions, answers and reasons on them."""

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.llm_reader import describe_attributes
from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.understanding import Intent, action_schema, understanding_schema
from tastemaker.agent.reply.explanations import compare
from tastemaker.retrieval.catalog.computed_attributes import with_computed
from tastemaker.retrieval.filters.where_parser import parse_where
from tastemaker.retrieval.titles.resolver import TitleResolver


@pytest.fixture(scope="module")
def catalog(faceted_catalog, film_log):
    return with_computed(faceted_catalog, film_log)


@pytest.fixture(scope="module")
def reader(catalog):
    return RulesReader(catalog, TitleResolver(catalog))


@pytest.fixture
def agent(faceted_workspace):
    with Tastemaker(faceted_workspace) as opened:
        yield opened


@pytest.mark.parametrize(
    "message",
    [
        "something dark and funny for the family",
        "a film in Paris, 2 hours, no more than 3",
        "how many families are there",
        "a place to go to, at most 90",
        "under 100 please, with a high recency",
        "nothing over 13",
    ],
)
def test_rules_read_no_condition_on_what_is_not_stated(reader, film_catalog, message):
    plain = RulesReader(film_catalog, TitleResolver(film_catalog))
    assert reader.read(message) == plain.read(message)


def test_forms_and_prompts_name_stated_attributes_only(catalog, film_catalog):
    assert understanding_schema(catalog) == understanding_schema(film_catalog)
    assert action_schema(catalog, ["1"]) == action_schema(film_catalog, ["1"])
    assert describe_attributes(catalog) == describe_attributes(film_catalog)


@pytest.mark.parametrize(
    ("message", "means"),
    [
        ("what is the shortest comedy?", ("lowest", "runtime", 1, ())),
        ("show me the 2 longest thrillers", ("highest", "runtime", 2, ())),
        ("what is the average runtime of comedies", ("average", "runtime", 1, ())),
        ("which is the most popular drama", ("highest", "popularity", 1, ())),
        ("what is the most common mood of comedies", ("commonest", "moods", 1, ())),
        ("how many comedies with violence are there", ("count", None, 1, ("violence",))),
    ],
)
def test_superlatives_on_them_are_understood(reader, message, means):
    said = reader.read(message)
    assert said.intent is Intent.QUESTION
    one = said.asked.aggregate
    assert (one.what.value, one.field, one.k, said.asked.left_out) == means
    assert len(one.where) == 1


def test_the_shortest_comedy_says_that_its_length_is_inferred(agent):
    reply = agent.session().send("what is the shortest comedy?")
    assert "(95 min, inferred)" in reply.message
    assert [(item.title, item.reason) for item in reply.items] == [
        ("Paper Moons (1988)", "Runtime about 95 min.")
    ]


def test_questions_about_an_item_name_what_was_asked_and_mark_it(agent):
    session = agent.session()
    assert session.send("how violent is Night Train North?").message == (
        "Night Train North (1996) is violent, as far as I can tell."
    )
    assert "is about 90 minutes long, as far as I can tell" in session.send("how long is it?").message
    told = session.send("tell me about Night Train North").message
    assert "detective" in told
    assert "runtime" not in told
    assert "age" not in session.send("who is Night Train North from?").message


def test_a_condition_is_kept_named_as_inferred_and_given_as_a_reason(agent, catalog):
    session = agent.session()
    where = "age_from at most 7 and runtime at most 100"
    for part in parse_where(where, catalog.schema).all_of:
        session.add_constraint(part)
    reply = session.send("something nice")
    assert {item.id for item in reply.items} == {"1", "4"}
    assert reply.message == "As far as I can tell, both are fine at age 7 and no longer than 100 minutes."
    reason = next(item.reason for item in reply.items if item.id == "4")
    assert reason.startswith("About 95 minutes long")
    session.add_constraint(parse_where("violence at least 2", catalog.schema))
    told = session.send("but only something nice").message  # goes on, and so lets no condition go
    assert told.startswith("As far as I can tell, no film here")
    assert "violent" in told


def test_comparing_marks_what_is_inferred_or_computed(agent, catalog):
    told = compare([catalog["3"], catalog["4"]], TasteProfile(), agent.resources.tool_context)
    both, train, moons, unknown, _ = f"{told}\n".split("\n")
    assert both == "Both: as far as I can tell set in Paris."
    assert train.startswith(
        "Night Train North (1996): from 1996, listed as Thriller, by Ada Stone; as far as I can tell"
    )
    assert "violent" in train.partition("as far as I can tell")[2]
    assert "from 1988" in moons
    assert unknown == "Of Paper Moons (1988) I don't know: violence."
