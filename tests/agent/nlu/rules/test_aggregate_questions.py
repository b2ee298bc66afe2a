"""Which messages ask about many items, and what they ask; everything else stays what it was."""

import pytest

from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.understanding import Intent
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.filters.conditions import describe
from tastemaker.retrieval.titles.resolver import TitleResolver


@pytest.fixture(scope="module")
def reader(film_catalog):
    return RulesReader(film_catalog, TitleResolver(film_catalog))


def asked(reader, message):
    said = reader.read(message).asked
    if said is None:
        return None
    one = said.aggregate
    where = " and ".join(describe(condition) for condition in one.where)
    return (one.what.value, one.field, one.k, where)


@pytest.mark.parametrize(
    ("message", "means"),
    [
        (
            "how many comedies from the 80s are there?",
            ("count", None, 1, "genres is Comedy and year between 1980 and 1989"),
        ),
        ("tell me how many films there are", ("count", None, 1, "")),
        (
            "and how many thrillers without horror since 1990?",
            ("count", None, 1, "genres not Horror and genres is Thriller and year at least 1990"),
        ),
        ("how many dramas or comedies do you have", ("count", None, 1, "genres any of Drama, Comedy")),
        ("how many different directors are there?", ("distinct", "director", 1, "")),
        ("what is the newest film by Ada Stone?", ("highest", "year", 1, "director is Ada Stone")),
        ("which comedy is the oldest", ("lowest", "year", 1, "genres is Comedy")),
        ("show me the 3 latest thrillers", ("highest", "year", 3, "genres is Thriller")),
        ("the newest dramas", ("highest", "year", 5, "genres is Drama")),
        ("which directors have the most thrillers?", ("commonest", "director", 5, "genres is Thriller")),
        ("who directed the most comedies?", ("commonest", "director", 1, "genres is Comedy")),
        (
            "what is the most common genre of the nineties",
            ("commonest", "genres", 1, "year between 1990 and 1999"),
        ),
        ("what is the average year of horror films", ("average", "year", 1, "genres is Horror")),
    ],
)
def test_what_is_asked_of_many_items(reader, message, means):
    assert asked(reader, message) == means
    said = reader.read(message)
    assert said.intent is Intent.QUESTION
    assert said.constraints == ()


@pytest.mark.parametrize(
    "message",
    [
        "something like the newest thrillers",
        "a newer comedy",
        "what is the longest film?",
        "the one where a jury argues the most",
        "who directed Star Ferry?",
        "I liked most of them",
        "an average comedy",
        "which films have the most genres?",
        "comedies from the 80s",
        "how long is Star Ferry?",
    ],
)
def test_what_is_no_such_question(reader, message):
    assert asked(reader, message) is None


def test_this_director_is_left_to_the_conversation(reader):
    said = reader.read("the newest by this director").asked
    assert said.same == ("director",)
    said = reader.read("how many films by the director of Star Ferry are there?")
    assert said.asked.same == ("director",)
    assert [m.title for m in said.mentions] == ["Star Ferry"]


def test_words_that_narrow_it_further_are_kept_to_be_told(reader):
    assert reader.read("how many comedies about sharks are there?").asked.left_out == ("sharks",)
    assert reader.read("how many comedies from the 80s are there?").asked.left_out == ()


@pytest.mark.parametrize(
    ("message", "means"),
    [
        ("what is the cheapest shirt", ("lowest", "list_price", 1, "")),
        ("which are the three best rated ones", ("highest", "rating", 3, "")),
        ("what is the highest waist?", ("highest", "waist", 1, "")),
        ("what is the newest shirt", None),
    ],
)
def test_other_catalogues_other_measures(message, means):
    names = ("list_price", "rating", "waist")
    schema = Schema(attributes=tuple(Attribute(name=name, kind=Kind.NUMBER) for name in names))
    catalog = Catalog([Item("1", "Plain white", {"list_price": 10})], schema)
    assert asked(RulesReader(catalog, TitleResolver(catalog)), message) == means


def test_a_number_before_a_superlative_is_no_word_of_a_title(reader):
    assert "three" not in reader.read("the three newest comedies").asked.left_out
