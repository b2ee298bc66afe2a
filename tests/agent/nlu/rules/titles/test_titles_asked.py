"""Titles that are asked for by themselves, here or not."""

import pytest

from tastemaker.agent.nlu.rules.acts.titles_asked import asks_to_see, asks_whether_here
from tastemaker.agent.nlu.rules.titles.missing_titles import find_missing_titles


def _spans(message: str, *titles: str) -> list[tuple[int, int]]:
    return [(message.index(title), message.index(title) + len(title)) for title in titles]


@pytest.mark.parametrize(
    ("message", "asks"),
    [
        ("do you have Heat?", True),
        ("have you got Heat and Fargo", True),
        ("hi, do you guys have Heat by any chance?", True),
        ("is Heat available here?", True),
        ("can I watch Heat on here?", True),
        ("have you heard of Heat?", True),
        ("do you have anything like Heat?", False),
        ("do you have Heat in black and white?", False),
        ("is Heat funny?", False),
        ("do you have Heat, or something like it?", False),
        ("loved Heat", False),
    ],
)
def test_whether_a_title_is_here_is_a_question(message, asks):
    assert (
        asks_whether_here(message, _spans(message, *(t for t in ("Heat", "Fargo") if t in message))) is asks
    )


@pytest.mark.parametrize(
    ("message", "asks"),
    [
        ("show me Heat", True),
        ("I'm looking for the film Heat", True),
        ("can you find Heat for me please", True),
        ("I'm looking for films like Heat", False),
        ("show me Heat with more women", False),
    ],
)
def test_a_title_by_itself_is_asked_for(message, asks):
    assert asks_to_see(message, _spans(message, "Heat")) is asks


@pytest.mark.parametrize(
    ("message", "missing"),
    [
        ("the new Dune, the second part", ["Dune"]),
        ("do you have The Whale?", ["The Whale"]),
        ("the new Prisoners", ["Prisoners"]),
        ("do you have Prisoners?", []),
        ("I want to watch Scary Movies", []),
        ("show me The Saddest Movie Ever", []),
        ("do you have Oppenheimer?", ["Oppenheimer"]),
        ("the new Disney", []),
    ],
)
def test_a_title_of_words_that_could_be_a_wish_is_missing_where_it_is_asked_for_as_one(message, missing):
    could_be_wishes = {"Dune", "The Whale", "Prisoners", "Scary Movies", "The Saddest Movie Ever"}
    found = find_missing_titles(message, lambda name: name == "Disney", lambda name: name in could_be_wishes)
    assert [message[a:b] for a, b in found] == missing
