"""Where films are to come from, and where they are to play: several that are named, each of which will do."""

import pytest

from tastemaker.agent.memory.request import Preference
from tastemaker.agent.nlu.rules.facet_preferences import _either_origin, _join_listed_origins
from tastemaker.retrieval.facets.reading import FacetMatch
from tastemaker.retrieval.filters.conditions import Constraint, Op, any_of, describe


def of(field, *values):
    return Constraint(field=field, op=Op.ANY_OF, value=values)


def match(condition, text, word):
    at = text.index(word)
    return FacetMatch("country", condition, 1.0, True, 1, (at, at + len(word)), word)


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("from Scotland or Ireland", ["country any of UK, Ireland"]),
        ("from Scotland, not unlike Ireland", ["country any of UK", "country any of Ireland"]),
    ],
)
def test_listed_origins_are_one_condition(text, joined):
    hard = [match(of("country", "UK"), text, "Scotland"), match(of("country", "Ireland"), text, "Ireland")]
    assert [describe(one) for one in _join_listed_origins(hard, text)] == joined


def test_preferences_for_origins_are_met_by_any_of_them():
    french = any_of([of("country", "France"), of("language", "French")])
    wanted = [
        Preference(condition=french, words="French"),
        Preference(condition=of("language", "Italian"), words="Italian"),
        Preference(condition=of("moods", "funny"), words="funny"),
        Preference(condition=of("moods", "sad"), words="sad"),
    ]
    found = [describe(one.condition) for one in _either_origin(wanted)]
    assert sorted(found) == [
        "country any of France or language any of French, Italian",
        "moods any of funny",
        "moods any of sad",
    ]
