"""What is only told, and what is asked for."""

import pytest

from tastemaker.agent.nlu.rules.statement_or_request import is_statement, judges


@pytest.mark.parametrize(
    ("message", "value"),
    [
        ("I love Tyler Perry movies", "Tyler Perry"),
        ("I'm a big fan of Will Smith", "Will Smith"),
        ("Will Smith is great in that film.", "Will Smith"),
        ("Mel Gibson was so good in it", "Mel Gibson"),
        ("I like horror and action", "action"),
        ("I enjoy action, romance and superhero movies!", "romance"),
        ("musicals are my favourite", "musicals"),
        ("it was a great romance movie", "romance"),
        ("I usually watch comedies", "comedies"),
        ("Action is good too", "Action"),
        ("I really like          with Chevy Chase.", "Chevy Chase"),
        ("Is it a comedy?", "comedy"),
        ("my favorite genre is horror", "horror"),
        ("ich mag Komödien", "Komödien"),
    ],
)
def test_taste_and_talk_are_told(message, value):
    start = message.index(value)
    assert is_statement(message, start, start + len(value))


@pytest.mark.parametrize(
    ("message", "value"),
    [
        ("a comedy please", "comedy"),
        ("comedies from the 90s", "comedies"),
        ("I'm looking for a good comedy", "comedy"),
        ("I would love a comedy", "comedy"),
        ("my feet are up at last, and what I would love now is some thriller about a crime", "thriller"),
        ("What I'd like is a comedy", "comedy"),
        ("What I have in mind is more like this: some thriller and drama", "drama"),
        ("If it helps, we were talking about some crime story", "crime"),
        ("I'd like to see a western", "western"),
        ("I love Heat. Can you recommend a thriller?", "thriller"),
        ("anything with Steve McQueen is great!", "Steve McQueen"),
        ("have you seen any good action movies lately", "action"),
        ("what is a good horror movie?", "horror"),
        ("I'm in the mood for a drama", "drama"),
        ("I want to watch a good comedy", "comedy"),
        ("with Robert De Niro", "Robert De Niro"),
        ("a comedy that is not a romance", "comedy"),
        ("I love Tom Hanks, anything with him?", "Tom Hanks"),
        ("is there a good mystery", "mystery"),
    ],
)
def test_requests_are_not(message, value):
    start = message.index(value)
    assert not is_statement(message, start, start + len(value))


def test_a_clause_judges_unless_it_asks():
    assert judges("my kids have watched         a hundred times")
    assert not judges("I want something like        with a dog")
