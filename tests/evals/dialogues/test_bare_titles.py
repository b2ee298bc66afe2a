"""Titles without a year, or with another one, lead to the item that is meant, and never to another."""

import pytest

from tastemaker.evals.dialogues.case import LoggedCase, Names, Utterance, link
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema

FILMS = {
    "h9": ("The Hangover (2009)", "Phillips"),
    "h": ("The Hangover", "Phillips"),
    "b": ("Blade", "Tariq"),
    "b98": ("Blade (1998)", "Norrington"),
    "c76": ("Carrie (1976)", "De Palma"),
    "c13": ("Carrie (2013)", "Peirce"),
    "m": ("Mulan (1998)", "Bancroft"),
    "u": ("Up", "Docter"),
    "j": ("Jumanji (2017)", "Kasdan"),
}


@pytest.fixture(scope="module")
def names():
    schema = Schema(attributes=(Attribute(name="director", kind=Kind.CATEGORY),))
    return Names(Catalog([Item(i, title, {"director": by}) for i, (title, by) in FILMS.items()], schema))


@pytest.mark.parametrize(
    ("title", "said", "found"),
    [
        ("The Hangover", "", "h9"),  # one film, listed twice
        ("The Hangover (2009)", "", "h9"),
        ("Blade", "", "b"),  # two films: the one that is called just so
        ("Carrie", "", None),
        ("Carrie", "I saw  Carrie (2013) twice", "c13"),
        ("Carrie", "Carrie (1976) or Carrie (2013)", None),
        ("Carrie (2012)", "", "c13"),
        ("Carrie (1999)", "", None),
        ("Mulan", "", "m"),
        ("Mulan (2020)", "", None),  # before, the only Mulan there was
        ("Up (2009)", "", "u"),
        ("Jumanji (2018)", "", "j"),
    ],
)
def test_a_title_leads_to_what_it_means(names, title, said, found):
    assert names.yearless(title, said) == found


def test_what_tells_the_year_is_the_row_and_the_answer_tells_of_gold_alone(names):
    row = LoggedCase(
        "1",
        "1",
        1,
        (Utterance("seeker", "like Carrie"),),
        ("Carrie",),
        ("Carrie",),
        {},
        "See Carrie (2013)",
        "yearless",
    )
    (case,) = link([row], names)
    assert (case.mentioned, case.gold, case.outside) == ((), ("c13",), ())


def test_doubles_count_as_one_in_gold_and_answers(names):
    assert names.first("h") == names.first("h9") == names.id("h") == "h9"
    assert names.first("b") == "b"
