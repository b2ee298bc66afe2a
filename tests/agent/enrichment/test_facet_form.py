"""What of an answer fits the form: closed values, numbers within bounds, evidence that exists."""

import jsonschema
import pytest

from tastemaker.agent.enrichment.facet_form import (
    MAX_TAGS,
    FacetAnswer,
    describe_facet,
    facet_schema,
    read_form,
)
from tastemaker.agent.enrichment.item_facts import ItemFacts
from tastemaker.agent.enrichment.known_items import facet_digest
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.facets.definition import facets_from, shipped_facets

FIELDS = ("title", "premise")
FACTS = ItemFacts(
    "1", "title: Harbour\npremise: Two women drive from Paris to New York, via Provence-Alpes.", FIELDS
)


def answer(name, value, evidence="premise"):
    return {name: {"from": evidence, "is": value}}


def of(facets, name):
    return [facet for facet in facets if facet.name == name]


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("pace", "slow", "slow"),
        ("moods", ["dark", "dark", "unknown"], ("dark",)),
        ("violence", 0, 0),
        ("age_from", 12.0, 12),
    ],
)
def test_values_of_the_list_are_kept_with_their_evidence(facets, name, value, kept):
    fit, faults = read_form(answer(name, value), of(facets, name), FACTS)
    assert (fit, faults) == ({name: FacetAnswer(kept, "premise")}, {})


@pytest.mark.parametrize("value", ["unknown", None, [], ["unknown"], ["unknown", "unknown"]])
def test_unknown_is_an_answer(facets, value):
    assert read_form(answer("moods", value), of(facets, "moods"), FACTS) == ({"moods": FacetAnswer()}, {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pace", "Slow"),
        ("pace", ["slow"]),
        ("pace", {"a": 1}),
        ("pace", "x" * 10_000),
        ("moods", "dark"),
        ("moods", ["dark", "evil"]),
        ("moods", ["dark"] * (MAX_TAGS + 1)),
        ("moods", [["dark"]]),
        ("violence", 3),
        ("violence", -1),
        ("violence", True),
        ("violence", "1"),
        ("violence", 1.5),
        ("age_from", 13),
        ("age_from", float("nan")),
        ("age_from", float("inf")),
        ("age_from", True),
        ("age_from", "12"),
    ],
)
def test_anything_else_is_a_fault_told_in_short(facets, name, value):
    fit, faults = read_form(answer(name, value), of(facets, name), FACTS)
    assert fit == {}
    assert set(faults) == {name}
    assert len(faults[name]) < 100


@pytest.mark.parametrize("evidence", ["plot", "unknown", None, 3, ["premise"]])
def test_evidence_is_a_field_of_the_item_or_knowledge(facets, evidence):
    assert "pace" in read_form(answer("pace", "slow", evidence), of(facets, "pace"), FACTS)[1]
    assert read_form(answer("pace", "slow", "knowledge"), of(facets, "pace"), FACTS)[1] == {}


@pytest.mark.parametrize("form", [{}, {"pace": "slow"}, {"pace": {}}, {"pace": None}])
def test_a_missing_answer_is_a_fault(facets, form):
    assert read_form(form, of(facets, "pace"), FACTS) == ({}, {"pace": "no answer"})


def test_an_open_facet_takes_short_names_only():
    text = '[facets.place]\nkind = "tags"\nvalues = ["Paris"]\nopen = true\n'
    place = list(facets_from(text, "place.toml").facets.values())
    fit, _ = read_form(answer("place", ["Paris", "New York", "Provence-Alpes"]), place, FACTS)
    assert fit["place"].value == ("Paris", "New York", "Provence-Alpes")
    for bad in ("<b>x</b>", "a b c d e f", "x" * 41, "one\ntwo", "http://x.y", "", "Pariss"):
        assert read_form(answer("place", [bad]), place, FACTS)[1], bad
    by_heart = read_form(answer("place", ["Rome"], "knowledge"), place, FACTS)[0]
    assert by_heart["place"].value == ("Rome",)


@pytest.mark.parametrize("name", ["books", "films", "games", "generic", "products", "recipes"])
def test_the_schema_of_a_shipped_set_takes_what_fits_and_nothing_else(name):
    facets = [one for one in shipped_facets(name).facets.values() if not one.computed]
    assert all(facet.question for facet in facets)
    schema = facet_schema(facets, FIELDS)
    blank = {facet.name: "unknown" for facet in facets}
    jsonschema.validate(blank, schema)
    assert read_form(blank, facets, FACTS)[1] == {}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**blank, "more": 1}, schema)


def test_only_what_a_model_sees_of_a_facet_makes_it_another_question(facets):
    text = '[facets.pace]\nkind = "category"\nvalues = ["slow", "fast"]\nquestion = "How fast?"\n'
    says = '[facets.pace.says]\nfast = ["quick"]\n'
    one, with_words, other = (
        next(iter(facets_from(t, "x.toml").facets.values()))
        for t in (text, text + says, text.replace("How", "Really how"))
    )
    assert facet_digest(one) == facet_digest(with_words) != facet_digest(other)
    assert describe_facet(of(facets, "violence")[0]).endswith("Allowed: 0 = none; 1 = a little; 2 = much.")


def test_a_wrong_kind_is_told_with_what_is_allowed():
    with pytest.raises(DataError, match=r"mine.toml: \[facets.pace\] kind 'choise' is not allowed.*category"):
        facets_from('[facets.pace]\nkind = "choise"\nvalues = ["a"]\n', "mine.toml")
    with pytest.raises(DataError, match=r"'quick' is no value of it.*slow"):
        facets_from(
            '[facets.pace]\nkind = "category"\nvalues = ["slow"]\n[facets.pace.says]\nquick = ["soon"]\n',
            "mine.toml",
        )
