"""Spellings under which titles are looked up."""

from tastemaker.retrieval.text.normalise import title_forms
from tastemaker.retrieval.titles.keys import BARE, FULL, HEAD, NAME, TitleKeys

TITLES = ["Heat (1995)", "The Heat (2013)", "Alien: The Long Voyage Home", "Mission: Impossible"]
TITLES += ["The Way of the Sword: One", "The Way of the Sword: Two"]
KEYS = TitleKeys(title_forms(title) for title in TITLES)


def test_rows_and_how_well_the_spelling_stands_for_them() -> None:
    assert KEYS.rows("heat") == {0: FULL, 1: BARE}
    assert KEYS.rows("alien") == {2: NAME}
    assert KEYS.rows("mission") == {}
    assert KEYS.rows("way of the sword") == {4: HEAD, 5: HEAD}


def test_without_spaces() -> None:
    assert set(KEYS.without_spaces("missionimpossible")) == {"mission impossible"}
    assert list(KEYS.without_spaces("nothing")) == []


def test_initials_stand_for_a_series_only() -> None:
    assert KEYS.series("wots") == "way of the sword"
    assert KEYS.series("tlvh") is None
