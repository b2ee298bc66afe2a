"""Titles in small letters, with slips, one after the other."""

import pytest

from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.rules.titles.typed_titles import find_typed_titles
from tastemaker.agent.nlu.understanding import Sentiment
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.computed_attributes import PERCENTILE
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Provenance, Schema
from tastemaker.retrieval.titles.resolver import TitleResolver

SEEN, DISLIKED = Sentiment.SEEN, Sentiment.DISLIKED


@pytest.fixture
def reader() -> RulesReader:
    known = Attribute(name=PERCENTILE, kind=Kind.NUMBER, provenance=Provenance.COMPUTED)
    genres = Attribute(name="genres", kind=Kind.TAGS)
    titles = (
        "Quillon (1991)",
        "Ostler Redemption (1994)",
        "Marzipan (1985)",
        "Vexillum (1978)",
        "Comedy (1990)",
    )
    films = [
        Item(str(n), title, {PERCENTILE: 20.0 if title.startswith("Vex") else 90.0, "genres": ("Comedy",)})
        for n, title in enumerate(titles)
    ]
    catalog = Catalog(films, Schema(attributes=(known, genres)))
    return RulesReader(catalog, TitleResolver(catalog))


@pytest.mark.parametrize(
    ("message", "mentions"),
    [
        ("quillon", [("quillon", Sentiment.LIKED)]),
        ("ostler redemtion", [("ostler redemtion", Sentiment.LIKED)]),
        ("quillon seen, marzipan seen", [("quillon", SEEN), ("marzipan", SEEN)]),
        ("quillon sucks", [("quillon", DISLIKED)]),
        ("vexillum is so boring", [("vexillum", DISLIKED)]),
        ("seen vexillum and marzipan", [("vexillum", SEEN), ("marzipan", SEEN)]),
        ("do you have quillon?", [("quillon", Sentiment.ASKED)]),
        ("something like marzipan", [("marzipan", Sentiment.LIKED)]),
        ("do you have comedy?", []),
        ("vexillum", []),
        ("comedy", []),
        ("something with a quillon in it", []),
    ],
)
def test_where_words_stand_shows_that_they_are_titles(reader, message, mentions):
    assert [(one.title, one.sentiment) for one in reader.read(message).mentions] == mentions


def test_all_of_a_message_is_titles_or_none_is():
    is_title = {"quillon", "marzipan"}.__contains__
    assert list(find_typed_titles("quillon or marzipan?", is_title, is_title)) == [(0, 7), (11, 19)]
    assert find_typed_titles("quillon or something sad?", is_title, is_title) == {}
