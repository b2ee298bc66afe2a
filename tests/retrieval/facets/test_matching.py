import time

import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.facets.definition import facets_from
from tastemaker.retrieval.facets.matching import FacetMatcher, match_facets
from tastemaker.retrieval.filters.conditions import describe
from tastemaker.retrieval.filters.constraints import check
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder


def said(matcher: FacetMatcher, message: str) -> set[str]:
    return {describe(match.condition) for match in matcher.read(message).matches}


@pytest.mark.parametrize(
    ("message", "condition"),
    [
        ("for my kids, 6 and 9", "age_from at most 6"),
        ("my daughter turns 4 tomorrow", "age_from at most 4"),
        ("for a seven-year-old", "age_from at most 7"),
        ("our 2 year old", "age_from at most 4"),
        ("nothing violent", "violence at most 1"),
        ("a film without any guns", "violence at most 1"),
        ("not too gory please", "violence at most 1"),
        ("no violence at all", "violence at most 0"),
        ("horror isn't for me", "scares at most 1"),
        ("shorter than 100 minutes", "runtime at most 100"),
        ("under two hours", "runtime at most 120"),
        ("an hour and a half at most", "runtime at most 90"),
        ("no longer than 1h45", "runtime at most 105"),
        ("at least three hours", "runtime at least 180"),
        ("a feature under 90", "runtime at most 90"),
        ("not too long", "runtime at most 120"),
        ("between 90 and 100 minutes", "runtime between 90 and 100"),
        ("menos de dos horas", "runtime at most 120"),
        ("a tearjerker", "sadness at least 2"),
        ("in French", "language any of French"),
        ("black & white", 'colour any of "black and white"'),
        ("nothing in black and white", "colour any of colour"),
        ("based on a true story", "based_on any of true story"),
        ("set in Paris", "place any of Paris"),
        ("set in the 1920s", "period any of 1920s"),
        ("set before 1930", "period any of 1920s"),
        ("a heist film", "plot any of heist, bank heist"),
        ("from France", "country any of France"),
        ("a Korean thriller", "country any of South Korea or language any of Korean"),
        ("not american", "country none of USA"),
        ("best rated", "rating_mean at least 3.9"),
        ("a happy ending", "ending any of happy"),
        ("something funney", "humour at least 2"),
    ],
)
def test_a_phrase_becomes_its_condition(matcher: FacetMatcher, message: str, condition: str) -> None:
    assert condition in said(matcher, message)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "   ",
        "?!",
        "hi",
        "thanks",
        "you choose",
        "the second one",
        "not bad at all",
        "I would love to",
        "a comedy from the 1980s about nobody"[:2],
        "my brother plays chess",
        "sort of",
        "two hours later",
        "an hour ago",
        "Anora",
        "under 30 dollars a month"[:8],
        "七人の侍",
        "привет",
        "\x00\x00",
        "12",
        "1994",
    ],
)
def test_what_asks_for_nothing_gives_nothing(matcher: FacetMatcher, message: str) -> None:
    assert not matcher.read(message).matches


def test_a_list_of_denials_is_denied_and_what_follows_is_not(matcher: FacetMatcher) -> None:
    found = said(matcher, "no guns, swearing or nudity, but something funny")
    assert {"violence at most 1", "age_from at most 13", "sex at most 0", "humour at least 2"} <= found


def test_what_is_fine_is_not_asked_for(matcher: FacetMatcher) -> None:
    assert not said(matcher, "I don't mind violence")
    assert not said(matcher, "horror is fine by me")


def test_a_softener_makes_a_preference_of_it(matcher: FacetMatcher) -> None:
    hard, soft = (matcher.read(text).matches[0] for text in ("in French", "maybe in French"))
    assert (hard.explicit, soft.explicit) == (True, False)
    assert soft.score < hard.score


def test_a_match_names_its_words_and_place(matcher: FacetMatcher) -> None:
    message = "Déjà vu, ô: please no GUNS"
    match = next(one for one in matcher.read(message).matches if one.field == "violence")
    assert (match.words, match.polarity) == ("GUNS", -1)
    assert message[slice(*match.span)] == match.words


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("is it on netflix?", "streaming"),
        ("how much is a ticket", "price"),
        ("subtitles for the deaf", "subtitles"),
        ("is there a blu-ray", "buy"),
    ],
)
def test_a_property_that_nobody_holds_is_said_to_be_unknown(
    matcher: FacetMatcher, message: str, name: str
) -> None:
    reading = matcher.read(message)
    assert reading.unknown[0].name == name
    assert not reading.matches


def test_ages_of_people_in_the_film_are_not_of_the_audience(matcher: FacetMatcher) -> None:
    assert "age_from at most 12" not in said(matcher, "about a 12 year old boy who gets lost")


def test_names_of_items_can_be_left_alone(matcher: FacetMatcher) -> None:
    message = "like The Nightmare Before Christmas"
    assert matcher.read(message).matches
    assert not matcher.read(message, skip=[(5, len(message))]).matches


def test_every_condition_makes_sense_for_the_catalogue(matcher: FacetMatcher, catalog) -> None:
    message = "my kids (5), best rated, set in Paris, in the 1920s, funny, no blood, in Korean, around 90 min, a heist"
    for match in matcher.read(message).matches:
        check(match.condition, catalog.schema)


def test_twenty_thousand_characters_take_less_than_a_second(matcher: FacetMatcher) -> None:
    text = (
        "my kids are 6 and 9, nothing scary, under 100 minutes, set in Paris, not too long and no war. " * 220
    )
    began = time.process_time()
    matcher.read(text[:20_000])
    matcher.read("1 " * 10_000)
    matcher.read("not " * 5_000)
    assert time.process_time() - began < 3


def test_only_attributes_of_the_schema_count(films, catalog) -> None:
    assert "popularity_percentile" not in catalog.schema
    assert all(
        match.field in catalog.schema
        for match in match_facets("popular and well known", films, catalog=catalog)
    )


def test_the_nearest_phrase_is_looked_up_for_what_is_left(films, catalog, tmp_path) -> None:
    small = facets_from(
        '[facets.pace]\nkind = "category"\nvalues = ["slow"]\n[facets.pace.says]\nslow = ["moves along gently here"]',
        "x",
    )
    file = tmp_path / "vectors.npz"
    for _ in range(2):
        reading = FacetMatcher(small, catalog, HashingEmbedder(512), file).read("here moves along gently")
        assert [match.field for match in reading.matches] == ["pace"]
        assert not reading.matches[0].explicit
    assert file.is_file()


def test_what_words_only_suggest_is_a_hint_and_no_match(matcher: FacetMatcher) -> None:
    reading = matcher.read("for me and my niece")
    assert reading.matches == ()
    assert [describe(hint.condition) for hint in reading.hints] == ["age_from at most 10"]


@pytest.mark.parametrize(
    ("message", "conditions"),
    [
        ("Home Alone", set()),
        ("something to watch home alone", {"occasions any of alone"}),
        ("bleak as hell", {"moods any of bleak"}),
        ("a little darker", {"moods any of dark"}),
    ],
)
def test_titles_and_parts_of_topics_ask_for_nothing(
    films, catalog, message: str, conditions: set[str]
) -> None:
    rows = [*catalog, Item("home", "Home Alone (1990)", {"plot": ("wild hero",)})]
    assert said(FacetMatcher(films, Catalog(rows, catalog.schema)), message) == conditions
