"""What is made of messages that say no wish, given what a classifier tells of them."""

import pytest

from tastemaker.agent.nlu.message_kind import MARKS, MessageKind
from tastemaker.agent.nlu.plain_messages import PlainMessages
from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.understanding import Act, Intent, Sentiment
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.computed_attributes import POPULARITY, RATING
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Provenance, Schema
from tastemaker.retrieval.filters.aggregates import What
from tastemaker.retrieval.titles.resolver import TitleResolver

TITLES = ("Quillon (1991)", "Quillon 2 (1994)", "Quillon: The End (1999)", "Marzipan (1985)", "Ostler (1978)")


class Told:
    """Tells one kind of every message that has a mark of its own, another of the rest."""

    def __init__(self, kind: MessageKind, of_series: MessageKind = MessageKind.OTHER) -> None:
        self._kind, self._of_series = kind, of_series

    def read(self, message, titles, marks=MARKS):
        return self._kind if marks is MARKS else self._of_series


@pytest.fixture
def catalog() -> Catalog:
    number = {"kind": Kind.NUMBER}
    computed = {**number, "provenance": Provenance.COMPUTED}
    schema = Schema(
        attributes=(
            Attribute(name="year", **number),
            Attribute(name="runtime", **number),
            Attribute(name="genres", kind=Kind.TAGS),
            Attribute(name=POPULARITY, **computed),
            Attribute(name=RATING, **computed),
        )
    )
    films = [
        Item(
            str(n),
            title,
            {
                "year": int(title[-5:-1]),
                "runtime": 90 + n,
                "genres": ("Comedy",),
                POPULARITY: n,
                RATING: 3.0 + n / 10,
            },
        )
        for n, title in enumerate(TITLES)
    ]
    return Catalog(films, schema)


def _reread(catalog, message, kind, shown=(), of_series=MessageKind.OTHER):
    rules = RulesReader(catalog, TitleResolver(catalog))
    said = rules.read(message)
    return said, PlainMessages(catalog, rules, Told(kind, of_series)).reread(message, said, shown)


def test_a_list_is_put_in_the_order_that_is_said(catalog):
    _, found = _reread(catalog, "shortest first please", MessageKind.SORT, shown=("3", "1", "2"))
    assert found.asked.aggregate.what is What.LOWEST
    assert (found.asked.aggregate.field, found.asked.aggregate.among) == ("runtime", ("3", "1", "2"))


def test_nothing_is_sorted_before_anything_was_shown(catalog):
    said, found = _reread(catalog, "by length please", MessageKind.SORT)
    assert found == said


@pytest.mark.parametrize(
    ("message", "kind", "field", "k"),
    [
        ("best film ever made", MessageKind.BEST, RATING, 5),
        ("your top ten of all time", MessageKind.BEST, RATING, 10),
        ("top 3", MessageKind.BEST, RATING, 3),
        ("top 900", MessageKind.BEST, RATING, 12),
        ("what does everybody watch", MessageKind.POPULAR, POPULARITY, 5),
    ],
)
def test_the_best_and_the_most_popular_are_counted_up(catalog, message, kind, field, k):
    _, found = _reread(catalog, message, kind)
    assert (found.asked.aggregate.field, found.asked.aggregate.k) == (field, k)


@pytest.mark.parametrize("message", ["no", "nah", "nope!"])
def test_a_bare_no_turns_the_list_down(catalog, message):
    said, found = _reread(catalog, message, MessageKind.OTHER, shown=("1", "2"))
    assert found.intent is Intent.MORE
    assert _reread(catalog, message, MessageKind.OTHER)[1] == said


def test_which_of_a_list_is_asked_for_is_no_order(catalog):
    said, found = _reread(catalog, "which is the shortest", MessageKind.SORT, shown=("1", "2"))
    assert found == said


def test_all_of_a_series_comes_in_the_order_of_its_years(catalog):
    _, found = _reread(catalog, "all the Quillon films", MessageKind.OTHER, of_series=MessageKind.SERIES)
    assert found.asked.aggregate.among == ("0", "1", "2")
    assert (found.asked.aggregate.what, found.asked.aggregate.field) == (What.LOWEST, "year")


def test_what_begins_alike_is_no_series_by_that(catalog):
    films = [*catalog, Item("8", "Double Trouble (1990)", {}), Item("9", "Double Luck (1991)", {})]
    catalog = Catalog(films, catalog.schema)
    assert RulesReader(catalog, TitleResolver(catalog)).series_in("the double films") is None


def test_titles_are_compared_told_of_and_gone_on_from(catalog):
    _, compared = _reread(catalog, "Marzipan or Ostler?", MessageKind.COMPARE)
    assert compared.act is Act.COMPARE
    assert [one.title for one in compared.mentions] == ["Marzipan", "Ostler"]
    _, told = _reread(catalog, "the plot of Marzipan", MessageKind.STORY)
    assert told.intent is Intent.QUESTION
    assert told.mentions[0].sentiment is Sentiment.ASKED
    _, pair = _reread(catalog, "double bill with Marzipan", MessageKind.PAIR)
    assert (pair.mentions[0].sentiment, pair.wish) == (Sentiment.LIKED, "")


@pytest.mark.parametrize(
    ("kind", "act", "intent"),
    [
        (MessageKind.ANYTHING, None, Intent.MORE),
        (MessageKind.COMPLAINT, Act.COMPLAIN, Intent.MORE),
        (MessageKind.ABOUT_US, Act.ABOUT_US, Intent.CHAT),
        (MessageKind.OFF_TOPIC, Act.OFF_TOPIC, Intent.CHAT),
    ],
)
def test_talk_is_talk_only_where_nothing_is_asked_for(catalog, kind, act, intent):
    _, found = _reread(catalog, "whatever, you know", kind)
    assert (found.act, found.intent) == (act, intent)
    said, asked = _reread(catalog, "whatever, a comedy", kind)
    assert asked == said


def test_without_a_classifier_all_is_as_the_rules_read_it(catalog):
    rules = RulesReader(catalog, TitleResolver(catalog))
    said = rules.read("dunno")
    assert PlainMessages(catalog, rules, None).reread("dunno", said, ()) == said
