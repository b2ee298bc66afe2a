"""Decades and years in a description, and what they make of items."""

import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.quantities.told_years import ToldYears, YearOdds, years_in

STORY = "I saw it with my aunt, someone lives alone at the sea and writes letters to a stranger, it was in the {}."


def catalog(*years, names=("year",)):
    schema = Schema(attributes=tuple(Attribute(name=name, kind=Kind.NUMBER) for name in names))
    items = [
        Item(str(n), f"Film {n}", dict.fromkeys(names, year) if year else {}) for n, year in enumerate(years)
    ]
    return Catalog(items, schema)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("late 80's I think", 1985, 1989),
        ("mid-2000s", 2003, 2007),
        ("the end of the nineties", 1995, 1999),
        ("’70s or ’80s", 1970, 1989),
        ("around 1996, no later than 2003.", 1996, 2003),
        ("from the 00s", 2000, 2009),
    ],
)
def test_decades_and_years_are_read(text, first, last):
    assert years_in(text) == ToldYears(first, last)


@pytest.mark.parametrize(
    "text", ["a man in his 30 s", "it cost $1999", "1,990 people", "2000% sure", "blade runner 12049", ""]
)
def test_other_numbers_are_no_years(text):
    assert years_in(text) is None


def test_the_further_away_the_less_and_later_is_worse_than_earlier():
    own = catalog(1992, 1985, 2004, 2030, 2060, None)
    within, earlier, later, far, farther, without = YearOdds(own).of("early 90s", np.arange(6))
    assert within > without > earlier > later > far == farther


@pytest.mark.parametrize(
    "own", [catalog(1992, names=("score",)), catalog(1992, names=("year", "release_year"))]
)
def test_nothing_is_added_where_no_column_or_several_tell_the_year(own):
    assert YearOdds(own).of("early 90s", np.arange(1)) is None


def test_a_told_story_uses_them_and_keywords_do_not(film_workspace):
    retriever = film_workspace.retriever()
    years = retriever.catalog.numbers("year")
    old, new = int(np.nanargmin(years)), int(np.nanargmax(years))
    texts = ("letters fifties", STORY.format("fifties"))

    def leads():
        scores = [retriever.ranker_scores(text) for text in texts]
        return [float(own[old] - own[new]) for own in scores]

    keywords, story = leads()
    retriever.look.__dict__["year_odds"] = YearOdds(Catalog([], Schema(attributes=())))
    keywords_without, story_without = leads()
    assert keywords == keywords_without
    assert story > story_without + 0.05
    retriever.ways.index.close()
