import pytest

from tastemaker.agent.nlu.fact_check import support, unsupported_words

FACTS = ["Crime, Thriller. heist, los angeles. A thief and a detective circle one another. Al Pacino 1995"]


@pytest.mark.parametrize(
    "text",
    [
        "A tense heist in Los Angeles.",
        "Al Pacino's detective circles a thief.",
        "Made in 1995, it is a thriller.",
        "THIEF and DETECTIVE",
        "",
    ],
)
def test_what_the_facts_hold_may_be_said(text):
    assert unsupported_words(text, FACTS) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("As good as Casino.", ["Casino"]),
        ("Like “The Sting”, a heist.", ["The Sting", "The", "Sting"]),
        ("Robert De Niro hunts a thief.", ["Robert", "De", "Niro"]),
        ("From 1972.", ["1972"]),
        ("Crime. Heat (1994) is similar.", ["Heat", "1994"]),
        ("das ist wie Casino", ["Casino"]),
    ],
)
def test_names_numbers_and_quotations_from_elsewhere_are_found(text, wrong):
    assert set(wrong) <= set(unsupported_words(text, FACTS))


def test_support_tells_this_items_reason_from_anothers():
    assert support("A thief and a detective circle one another in a heist.", FACTS[0]) > 0.9
    assert support("Two florists fall in love over a wrong delivery.", FACTS[0]) < 0.3
