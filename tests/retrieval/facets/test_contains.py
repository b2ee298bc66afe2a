"""What films contain: refused or wished outright, and not read out of words of any talk."""

import pytest

from tastemaker.retrieval.facets.definition import shipped_facets
from tastemaker.retrieval.facets.matching import match_facets
from tastemaker.retrieval.filters.conditions import Op, describe, leaves


def read(said):
    found = [one for one in match_facets(said, shipped_facets("films")) if one.field == "contains"]
    return {(leaf.op, value) for one in found for leaf in leaves(one.condition) for value in leaf.value}


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("no guns please", {"guns", "gunfights"}),
        ("nothing where the animal dies", {"death of an animal"}),
        ("a thriller without swearing", {"swearing"}),
        ("no cancer and no cheating", {"terminal illness", "infidelity"}),
        ("without jump scares", {"jump scares"}),
        ("no kids in danger", {"child in danger"}),
        ("nobody dies of cancer", {"terminal illness"}),
        ("but not a dog", {"dogs"}),
    ],
)
def test_a_refusal_is_a_condition_against_the_value(said, values):
    assert read(said) == {(Op.NONE_OF, value) for value in values}


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("something with dogs in it", {"dogs"}),
        ("car chases and explosions", {"car chases", "explosions"}),
        ("talking animals", {"talking animals"}),
    ],
)
def test_a_wish_is_a_condition_for_the_value(said, values):
    assert read(said) == {(Op.ANY_OF, value) for value in values}


@pytest.mark.parametrize(
    "said",
    [
        "we travel all summer, then it is back to school",
        "my dog loves the sea and good food",
        "I live in a big city and hate politics",
        "after the wedding we went to hospital",
    ],
)
def test_words_of_any_talk_are_no_reading(said):
    assert read(said) == set()


@pytest.mark.parametrize(
    ("said", "conditions"),
    [
        ("no war, no romance, no comedy", {"romance at most 1", "humour at most 1"}),
        ("something creepy but no blood im a wuss", {"violence at most 1", "scares at most 1"}),
        ("no f-words please", {"age_from at most 13"}),
    ],
)
def test_each_denial_reaches_its_own_words(said, conditions):
    found = {describe(one.condition) for one in match_facets(said, shipped_facets("films"))}
    assert conditions <= found
    assert not {"romance at least 2", "scares at least 2", "age_from at least 16"} & found
