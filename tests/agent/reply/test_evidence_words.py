"""Reasons, lead-ins, answers and checks that rest on what items are known to be."""

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Preference, Request
from tastemaker.agent.nlu.rules.acts.accepting import accepts
from tastemaker.agent.nlu.rules.acts.item_questions import asks_of_item
from tastemaker.agent.reply.claim_check import ClaimCheck
from tastemaker.agent.reply.evidence import Evidence
from tastemaker.agent.reply.lead_in import lead_in
from tastemaker.agent.reply.reasons import Reasons
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Provenance, Schema
from tastemaker.retrieval.facets.definition import FacetKind, shipped_facets
from tastemaker.retrieval.facets.matching import FacetMatcher
from tastemaker.retrieval.facets.value_phrases import ValuePhrases
from tastemaker.retrieval.filters.conditions import Constraint, Op


@pytest.fixture(scope="module")
def films():
    return shipped_facets("films")


@pytest.fixture
def agent(faceted_workspace):
    with Tastemaker(faceted_workspace, sessions="memory") as opened:
        yield opened


def wanting(*conditions, **request):
    prefer = tuple(Preference(condition=one) for one in conditions)
    return TasteProfile(request=Request(prefer=prefer, **request))


SHORT = Constraint(field="runtime", op=Op.AT_MOST, value=100)
MILD = Constraint(field="violence", op=Op.AT_MOST, value=1)
FUNNY = Constraint(field="moods", op=Op.ANY_OF, value=("funny",))


def test_every_facet_of_the_shipped_sets_has_words():
    for name in ("films", "books", "games", "recipes", "products", "generic"):
        facets = shipped_facets(name).facets.values()
        assert all(facet.words for facet in facets if facet.kind is not FacetKind.PHRASES), name


def test_values_and_conditions_are_said_in_phrases(faceted_catalog, films):
    phrases = ValuePhrases(faceted_catalog.schema, films)
    assert phrases.of("violence", 1) == "with a little violence"
    assert phrases.of("director", "Ada Stone") == "by Ada Stone"
    assert phrases.of_condition(SHORT) == "no longer than 100 minutes"
    assert phrases.of_condition(MILD) == "with little or no violence"
    assert phrases.of_condition(Constraint(field="moods", op=Op.NONE_OF, value=("dark",))) == ""


def test_what_all_have_is_said_once_and_what_differs_on_each_card(faceted_catalog, films):
    items, profile = [faceted_catalog[i] for i in ("2", "4")], wanting(SHORT, FUNNY)
    evidence = Evidence(faceted_catalog, films)
    lead = lead_in(items, profile, evidence, faceted_catalog)
    assert lead == "As far as I can tell, both are no longer than 100 minutes and funny."
    texts = [text for text, _ in Reasons(faceted_catalog, films).for_list(items, profile)]
    assert all(text.startswith("About ") and "funny" not in text for text in texts)
    assert len(set(texts)) == 2


def test_a_lead_in_does_not_claim_of_all_what_some_have(faceted_catalog, films):
    items, evidence = [faceted_catalog[i] for i in ("1", "2", "3")], Evidence(faceted_catalog, films)
    lead = lead_in(items, wanting(FUNNY, unknown=("what it costs",)), evidence, faceted_catalog)
    assert lead.startswith("The second is funny.")
    assert "I don't know what it costs" in lead


def test_a_lead_in_says_what_kind_the_items_are_and_what_none_has(faceted_catalog, films):
    items, evidence = [faceted_catalog["3"]] * 3, Evidence(faceted_catalog, films)
    thriller = Constraint(field="genres", op=Op.IS, value="Thriller")
    lead = lead_in(items, wanting(thriller, MILD), evidence, faceted_catalog)
    assert lead == "Three thrillers; none of them has little or no violence, I am afraid."
    out = TasteProfile(constraints=(thriller, Constraint(field="genres", op=Op.IS_NOT, value="Drama")))
    assert lead_in(items, out, evidence, faceted_catalog) == "Three thrillers; no drama films among them."


def test_a_lead_in_says_what_was_turned_down_and_no_item_has(faceted_catalog, films):
    contains = Attribute(name="contains", kind=Kind.TAGS, provenance=Provenance.INFERRED)
    schema = Schema(attributes=(*faceted_catalog.schema.attributes, contains))
    held = {"1": ("swearing",), "3": ("guns", "snow")}
    catalog = Catalog(
        [
            Item(one.id, one.title, {**one.attributes, "contains": held.get(one.id, ("snow",))})
            for one in faceted_catalog
        ],
        schema,
    )
    evidence = Evidence(catalog, films)
    no_guns = Constraint(field="contains", op=Op.NONE_OF, value=("guns", "swearing"))
    items = [catalog[one] for one in ("2", "4")]
    lead = lead_in(items, wanting(no_guns), evidence, catalog)
    assert lead == "I know of no guns or strong language in them."
    assert "guns" not in lead_in([*items, catalog["3"]], wanting(no_guns), evidence, catalog)
    # An impression is a matter of degree, and what is not known is not denied.
    no_fun = Constraint(field="moods", op=Op.NONE_OF, value=("scary",))
    assert "none" not in lead_in(items, wanting(no_fun), evidence, catalog)


def test_a_claim_that_a_value_contradicts_is_found(faceted_catalog, films):
    check = ClaimCheck(FacetMatcher(films, faceted_catalog))
    calm, fierce = faceted_catalog["1"], faceted_catalog["3"]
    assert check.fault("A very violent film.", [calm])
    assert not check.fault("A very violent film.", [fierce])
    assert check.fault("All of them are gory.", [fierce, calm])
    assert not check.fault("It has a plot.", [calm])
    assert not ClaimCheck(FacetMatcher(films, faceted_catalog), lambda condition: False).fault(
        "Gory.", [calm]
    )


@pytest.mark.parametrize(
    "message",
    ["I'll take the second one", "let's watch the first", "perfect, that one", "sold", "going with number 2"],
)
def test_taking_an_item_is_read(message):
    assert accepts(message, names=False)


@pytest.mark.parametrize(
    "message",
    [
        "I'd like to watch something sad",
        "the second one, but gentler",
        "let's see others",
        "something like the first",
    ],
)
def test_asking_on_is_no_taking(message):
    assert not accepts(message, names=False)


def test_taking_an_item_ends_the_search_and_keeps_it(agent):
    session = agent.session()
    cards = session.send("something funny", k=3).items
    reply = session.send("I'll take the second one")
    assert cards[1].title in reply.message
    assert not reply.question
    assert not reply.items
    assert session.profile.taken == (cards[1].id,)
    assert session.profile.wishes == ()
    session.undo()
    assert session.profile.taken == ()


def test_that_one_of_several_is_asked_about_and_then_taken(agent):
    session = agent.session()
    cards = session.send("something funny", k=3).items
    assert "Which one" in session.send("perfect, that one").question
    session.send("the third")
    assert session.profile.taken == (cards[2].id,)


def test_questions_are_answered_from_fields(agent):
    session = agent.session()
    assert asks_of_item("is it ok for a 6 year old?")
    told = session.send("is Night Train North ok for a 6 year old?").message
    assert told.startswith("I don't think so: Night Train North (1996) is for ages 16 and up")
    assert session.send("is it violent?").message.startswith("Yes, as far as I can tell")
    assert "don't know" in session.send("how much does it cost?").message
    cards = session.send("something funny", k=3).items
    rows = session.send("how long is it?").message.splitlines()
    assert len(rows) == 1 + len(cards)
    assert (
        "recommend" in session.send("what can you do?").message or "suit you" in session.send("help").message
    )
    assert "Tastemaker" in session.send("who are you?").message


def test_a_small_model_points_to_facts_and_writes_none(faceted_workspace, fake_model, monkeypatch):
    monkeypatch.setattr("tastemaker.agent.llm.model_profile.shipped_profiles", dict)
    fake_model.enqueue({"1": [2, 99, "x"], "2": []})
    with Tastemaker(faceted_workspace, fake_model, sessions="memory") as agent:
        reply = agent.session().send("a comedy", k=2)
    assert fake_model.history[-1][0] == "facts"
    assert all(card.reason.endswith(".") for card in reply.items)
    offered = fake_model.history[-1][1][-1][1]
    assert reply.items[0].reason.removeprefix("Probably ").rstrip(".").casefold() in offered.casefold()
