"""Years, times, ages, kin and wishes in other languages, as the rules read them."""

from __future__ import annotations

import pytest

from tastemaker.agent.nlu.rules.audience import is_for_somebody_else
from tastemaker.agent.nlu.rules.numeric_constraints import read_numbers
from tastemaker.agent.nlu.rules.other_languages import Translation, translate
from tastemaker.agent.nlu.rules.years_in_other_languages import foreign_year_matches
from tastemaker.agent.nlu.understanding import Understanding
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.facets.ages import ages_in
from tastemaker.retrieval.facets.durations import durations_in
from tastemaker.retrieval.facets.words import flat


@pytest.mark.parametrize(
    ("text", "op", "value"),
    [
        ("de los 90", "between", (1990, 1999)),
        ("aus den Achtzigern", "between", (1980, 1989)),
        ("aus den 80ern", "between", (1980, 1989)),
        ("des années soixante-dix", "between", (1970, 1979)),
        ("degli anni '50", "between", (1950, 1959)),
        ("finales de los 90", "between", (1995, 1999)),
        ("uit de jaren tachtig", "between", (1980, 1989)),
        ("antes de 1980", "at_most", 1979),
        ("dopo il 1990", "at_least", 1991),
        ("seit 1990", "at_least", 1990),
        ("zwischen 1980 und 1985", "between", (1980, 1985)),
    ],
)
def test_years(text, op, value):
    [(_, condition)] = [pair for pair in foreign_year_matches(text, "year") if pair[1]][:1]
    assert (condition.op.value, condition.value) == (op, value)


@pytest.mark.parametrize(
    "text",
    [
        "ambientada en los años 50",
        "in den 50er Jahren spielt",
        "los 10 mejores",
        "de 90 minutos",
        "los 50 primeros",
    ],
)
def test_years_of_the_story_and_other_numbers_are_none(text):
    assert not [condition for _, condition in foreign_year_matches(text, "year") if condition]


@pytest.mark.parametrize(
    ("text", "bound", "minutes"),
    [
        ("no más de hora y media", "at most", 90),
        ("al massimo un'ora e mezza", "at most", 90),
        ("unter eineinhalb Stunden", "at most", 90),
        ("nicht länger als 100 Minuten", "at most", 100),
        ("minder dan twee uur", "at most", 120),
        ("plus de trois heures", "at least", 180),
    ],
)
def test_running_times(text, bound, minutes):
    [found] = durations_in(flat(text))
    assert (found.bound.value, found.minutes) == (bound, (minutes,))


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("meine Kinder sind 5 und 8", 5),
        ("mis hijos tienen 7 y 10 años", 7),
        ("voor mijn dochter van 6 jaar", 6),
    ],
)
def test_ages(text, years):
    assert [age.years for age in ages_in(flat(text))] == [years]


def test_kin():
    for text in (
        "für meine Eltern",
        "pour ma grand-mère",
        "para mi novia",
        "per i miei genitori",
        "voor mijn moeder",
    ):
        assert is_for_somebody_else(text), text
    for text in ("für mich", "für meine Frau und mich", "pour moi et ma femme", "for a kind of evening"):
        assert not is_for_somebody_else(text), text


def test_query_and_avoid_are_english():
    english = translate("una de vampiros, pero sin sangre")
    reading = english.added_to(Understanding(avoid=("sangre",), unexplained=("vampiros",)))
    assert (reading.query, reading.avoid, reading.unexplained) == ("vampire", ("gore blood",), ())
    assert "no gore" in english.sentence


def test_english_is_left_alone():
    reading = Understanding(wish="something tense")
    assert translate("something tense") == Translation()
    assert Translation().added_to(reading) == reading


@pytest.mark.parametrize(
    ("text", "op"),
    [
        ("unter 50 Euro", "before"),
        ("no más de 50 euros", "at_most"),
        ("moins de 50 euros", "before"),
        ("pas plus de 50 euros", "at_most"),
        ("meno di 50 euro", "before"),
        ("até 50 euros", "at_most"),
        ("mindestens 50 Euro", "at_least"),
        ("más de 50 euros", "after"),
    ],
)
def test_prices(text, op):
    price = Attribute(name="price", kind=Kind.NUMBER)
    catalog = Catalog([Item("1", "Lamp", {"price": 10.0})], Schema(attributes=(price,)))
    assert [(c.field, c.op.value, c.value) for c, _, _ in read_numbers(text, catalog)] == [("price", op, 50)]
