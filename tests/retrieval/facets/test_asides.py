import pytest

from tastemaker.retrieval.facets.asides import find_asides, is_of_somebody


@pytest.mark.parametrize(
    ("text", "word", "own"),
    [
        ("my wife is french, something funny", "french", True),
        ("we live in paris", "paris", True),
        ("i'm a nurse", "nurse", True),
        ("i'm in a french film mood", "french", False),
        ("something french", "french", False),
    ],
)
def test_what_people_are_is_told_apart_from_what_they_want(text, word, own):
    start = text.index(word)
    assert is_of_somebody(text, start, start + len(word)) is own


@pytest.mark.parametrize("text", ["something scary", "is there anything scary?", "what is a good scary film"])
def test_a_wish_is_no_question_about_an_item(text):
    assert find_asides(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("that joke was funny", ["that joke was funny"]),
        ("my date cancelled, something sad", ["my date cancelled"]),
        ("it's so quiet here", ["it's so quiet here"]),
        ("is the violence graphic", ["is the violence graphic"]),
        ("the last one was too scary", []),
        ("i was looking for something scary", []),
    ],
)
def test_what_happened_is_told_and_a_complaint_is_a_wish(text, told):
    assert [text[start:end] for start, end in find_asides(text)] == told
