"""Strings a few letters off."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from tastemaker.retrieval.text.edit_distance import NearStrings

WORDS = st.text("abc", min_size=1, max_size=7)


@settings(max_examples=200, deadline=None)
@given(st.sets(WORDS, max_size=40), WORDS)
def test_one_edit_is_never_missed(known: set[str], typed: str) -> None:
    expected = {word for word in known if OSA.distance(word, typed) <= 1}
    found = dict(NearStrings(known).near(typed, 1))
    if len(typed) > 3:  # of shorter ones, no half need be the same
        assert set(found) == expected
    assert set(found) <= expected
    assert all(edits == OSA.distance(word, typed) for word, edits in found.items())


def test_two_edits_with_a_common_end() -> None:
    assert NearStrings(["christmas", "christening"]).near("chirstmass", 2) == [("christmas", 2)]
    assert NearStrings(["strangelove"]).near("stranglove", 2) == [("strangelove", 1)]


def test_nothing_typed_or_nothing_known() -> None:
    assert NearStrings([]).near("heat", 2) == []
    assert NearStrings(["heat"]).near("", 2) == []
    assert NearStrings(["heat"]).near("heat", 0) == []
