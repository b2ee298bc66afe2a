"""Surnames, families, nicknames and slips, in the words of people."""

import pytest

from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.rules.slips import mend_slips, shorten_phrases
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.titles.resolver import TitleResolver

PEOPLE = {
    "Alfred Hitchcock": "director",
    "Joel Coen": "director",
    "Ethan Coen": "director",
    "Audrey Hepburn": "cast",
    "Katharine Hepburn": "cast",
    "Robert Redford": "cast",
    "Sylvester Stallone": "cast",
    "Arnold Schwarzenegger": "cast",
    "Denzel Washington": "cast",
    "George Sand": "cast",
}


@pytest.fixture(scope="module")
def reader():
    schema = Schema(
        attributes=(
            Attribute(name="director", kind=Kind.TAGS),
            Attribute(name="cast", kind=Kind.TAGS),
            Attribute(name="themes", kind=Kind.TAGS),
            Attribute(name="year", kind=Kind.NUMBER),
        )
    )
    items = [
        Item(
            f"{n}-{k}",
            f"Title {n} {k}",
            {role: (name,), "themes": (f"theme {n} of {k}", "desert sand"), "year": 1990},
        )
        for n, (name, role) in enumerate(PEOPLE.items())
        for k in range(4)
    ]
    filler = [
        Item(
            f"f{n}",
            f"Other {n}",
            {"cast": (f"Nobody Number{n}",), "director": (f"Some Maker{n}",), "themes": (f"tag {n}",)},
        )
        for n in range(120)
    ]
    catalog = Catalog([*items, *filler], schema)
    return RulesReader(catalog, TitleResolver(catalog))


def said(reader, message):
    return {(c.field, str(c.op), c.value) for c in reader.read(message).constraints}


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("What other Hitchcock should I see?", {("director", "is", "Alfred Hitchcock")}),
        ("not stallone", {("cast", "is_not", "Sylvester Stallone")}),
        ("which haven't got Redford", {("cast", "is_not", "Robert Redford")}),
        (
            "big dumb action then, arnie or stallone",
            {("cast", "any_of", ("Arnold Schwarzenegger", "Sylvester Stallone"))},
        ),
        ("Coen brothers?", {("director", "any_of", ("Ethan Coen", "Joel Coen"))}),
        ("something set in Washington", set()),
        ("anything with deserts and sand", set()),
    ],
)
def test_surnames(reader, message, wanted):
    assert said(reader, message) == wanted


def test_a_surname_of_two_turns_both_down(reader):
    assert said(reader, "without Hepburn") == {
        ("cast", "is_not", "Audrey Hepburn"),
        ("cast", "is_not", "Katharine Hepburn"),
    }


def test_if_possible_makes_a_wish_of_a_name(reader):
    read = reader.read("a quiet evening, Redford if possible")
    assert not read.constraints
    assert [one.words for one in read.prefer] == ["Redford"]


def test_somebody_who_is_loved_is_wished_for(reader):
    read = reader.read("love those comedies with Katharine Hepburn. more!")
    assert [(one.words, one.weight) for one in read.prefer] == [("Katharine Hepburn", 0.5)]


def test_slips_are_mended_and_other_words_stay():
    assert mend_slips("somthing liek this, wihtout guns") == "something like this, without guns"
    assert mend_slips("the lake, a bike and live music") == "the lake, a bike and live music"
    assert shorten_phrases("funny but not that funny") == "a bit funny"
    assert shorten_phrases("funny but not too silly") == "funny but not too silly"


def test_what_is_said_at_length_is_read_short():
    assert shorten_phrases("the longest I can concentrate is 75 min") == "at most 75 min"
    assert shorten_phrases("robin hood films, live action or cartoon") == "robin hood films"
    assert shorten_phrases("the longest film you have") == "the longest film you have"


def test_a_pronoun_turns_down_who_was_told_of(reader):
    assert said(reader, "my wife has a crush on Robert Redford, so nothing with him") == {
        ("cast", "is_not", "Robert Redford")
    }
    assert said(reader, "I love Robert Redford, something with him") != {("cast", "is_not", "Robert Redford")}


@pytest.mark.parametrize(
    "message",
    [
        "the first one, is it very long?",
        "yeah the second one! is there a sequel?",
        "the third one, what's it about?",
        "the third one, is it necessary to see the first?",
    ],
)
def test_a_question_about_an_item_may_come_behind_its_place(reader, message):
    assert reader.read(message).intent == "question"


def test_a_place_with_a_wish_is_no_question(reader):
    assert reader.read("the second one, but gentler").intent != "question"


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("w/o stallone", {("cast", "is_not", "Sylvester Stallone")}),
        ("stallone seen", {("cast", "is_not", "Sylvester Stallone")}),
        ("had enough of stallone", {("cast", "is_not", "Sylvester Stallone")}),
        ("hitchcock done. what else?", {("director", "is_not", "Alfred Hitchcock")}),
        ("on a beach with lots of sand", set()),
        ("a place where there is SAND", set()),
    ],
)
def test_whose_works_are_known_and_names_that_are_words(reader, message, wanted):
    assert said(reader, message) == wanted


def test_short_forms_are_written_out():
    assert mend_slips("smth w/ dogs, w/o cats") == "something with dogs, without cats"
    assert mend_slips("24/7 action") == "24/7 action"
