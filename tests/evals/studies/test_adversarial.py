"""The adversarial turns, fewer of them; and that their checks can fail."""

import random

import pytest

from tastemaker.agent import Card, Reply, Usage
from tastemaker.evals.judge.plain_conditions import meets
from tastemaker.evals.studies.adversarial import Found, _check_promises, _check_prose, hostile_catalog, run


def test_sixty_turns_break_no_promise(tmp_path):
    found = run(60, seed=3, folder=tmp_path)
    assert found.turns == 60
    assert found.with_items > 15
    assert found.examples == []


def reply_with(item, reason="", message="Here."):
    card = Card(id=item.id, title=item.title, attributes={}, reason=reason, score=1.0, sources=("rank() #1",))
    return Reply(items=(card,), message=message, question="", notes=(), usage=Usage(), session="s", trace="t")


class FakeSession:
    def __init__(self, profile):
        self.profile = profile


def test_the_checks_find_what_is_wrong(tm):
    catalog, _ = hostile_catalog(random.Random(0))
    item = catalog.at(0)
    found = Found()
    profile = tm.session().profile.with_dislike(item.id)
    _check_promises(reply_with(item), FakeSession(profile), frozenset(), catalog, "m", found)
    _check_prose(reply_with(item, "Like Robo Grandma."), {item.title}, ["m"], catalog, "m", found)
    _check_prose(
        reply_with(item, message="See Paper Castle (1999)."), {item.title}, ["m"], catalog, "m", found
    )
    other = next(one for one in catalog if one.attributes["director"] != item.attributes["director"])
    _check_prose(
        reply_with(item, f"By {other.attributes['director'][0]}."), {item.title}, ["m"], catalog, "m", found
    )
    assert found.counts == {"turned down or seen before": 1, "title that no tool returned": 3}


@pytest.mark.parametrize(
    ("op", "value", "met"),
    [
        ("between", [1980, 1990], True),
        ("before", 1985, False),
        ("after", 1984, True),
        ("at_most", 1985, True),
        ("is", 1985, True),
        ("is_not", 1985, False),
    ],
)
def test_plain_conditions_on_numbers(op, value, met):
    assert meets({"year": 1985}, {"field": "year", "op": op, "value": value}) is met


def test_plain_conditions_on_values_and_missing_ones():
    drama = {"genres": ("Drama", "War")}
    assert meets(drama, {"field": "genres", "op": "all_of", "value": ["drama", "WAR"]})
    assert not meets(drama, {"field": "genres", "op": "none_of", "value": ["war"]})
    assert not meets({}, {"field": "year", "op": "at_least", "value": 1})
    assert meets({}, {"field": "genres", "op": "is_not", "value": "war"})
    assert meets(drama, {"none_of": {"field": "genres", "op": "is", "value": "Comedy"}})
    assert meets(
        drama,
        {
            "any_of": [
                {"field": "genres", "op": "is", "value": "x"},
                {"field": "genres", "op": "is", "value": "war"},
            ]
        },
    )
