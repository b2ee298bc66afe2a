import pytest

from tastemaker.retrieval.text.negations import split_negations


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("a pasta without cream, but not too spicy", ("cream", "spicy")),
        ("a cake that doesn't contain nuts", ("nuts",)),
        ("curry but not indian or japanese", ("indian or japanese",)),
        ("a thriller, I don't want anything gory", ("gory",)),
        ("I'm allergic to shellfish and love soup", ("shellfish and love soup",)),
        ("not only funny but sad", ()),
        ("a quiet film", ()),
    ],
)
def test_what_is_not_wanted_is_told_apart(text, unwanted):
    assert split_negations(text).unwanted == unwanted


def test_nothing_else_is_lost():
    assert split_negations("a beef recipe but not stew").wanted == "a beef recipe"
    assert split_negations("") == split_negations("   ")
