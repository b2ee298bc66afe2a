"""Items of the list that are named by what they have."""

import pytest

from tastemaker.agent.nlu.rules.acts.list_names import name_places
from tastemaker.retrieval.catalog.catalog import Item

FILMS = [
    Item(
        "1",
        "Night Train (1959)",
        {"about": ("trains",), "country": "Poland", "story": "Two strangers share a berth."},
    ),
    Item(
        "2",
        "Air Force One (1997)",
        {"about": ("president", "planes"), "country": "USA", "story": "A hijack."},
    ),
    Item(
        "3",
        "Turbulence (1997)",
        {"about": ("planes",), "country": "USA", "story": "A stewardess lands alone."},
    ),
]


@pytest.mark.parametrize(
    ("message", "read"),
    [
        ("not the one with the president", "not the second one"),
        ("the one about two strangers looks good", "the first one looks good"),
        ("more like the stewardess one", "more like the third one"),
        ("I've seen the air force one", "I've seen the second one"),
        # Two of them have planes, nobody has a dog, and what compares or counts is left alone.
        ("not the one with planes", None),
        ("the one with the dog", None),
        ("the newest one", None),
        ("the second one", None),
        ("the one I saw last week", None),
    ],
)
def test_the_one_with_something_is_called_by_its_place(message, read):
    assert name_places(message, FILMS) == (read or message)


def test_without_a_list_nothing_is_meant():
    assert name_places("the one with the president", []) == "the one with the president"
