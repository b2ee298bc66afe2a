"""Titles by their words."""

from tastemaker.retrieval.titles.word_index import TitleWords

WORDS = TitleWords(["the red house", "red house red", "house of red", "blue"])


def test_titles_that_hold_all_words() -> None:
    assert WORDS.holding(["red", "house"]).tolist() == [0, 1, 2]
    assert WORDS.holding(["red", "blue"]).tolist() == []
    assert WORDS.holding(["unheard"]).tolist() == []
    assert WORDS.holding([]).tolist() == []
    assert WORDS.count("red") == 3


def test_words_one_behind_the_other() -> None:
    assert WORDS.with_part("red house") == [0, 1]
    assert WORDS.with_part("house red") == [1]


def test_no_titles() -> None:
    empty = TitleWords([])
    assert empty.holding(["red"]).tolist() == []
    assert "red" not in empty
