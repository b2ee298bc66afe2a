import pytest

from tastemaker.retrieval.facets.asides import find_told
from tastemaker.retrieval.facets.matching import FacetMatcher
from tastemaker.retrieval.filters.conditions import describe


def said(matcher: FacetMatcher, message: str) -> set[str]:
    return {describe(match.condition) for match in matcher.read(message).matches}


@pytest.mark.parametrize(
    "message",
    [
        "our cat is fat and happy",
        "he's such a slow eater",
        "the wifi is so slow tonight",
        "my gran is italian and her lasagne would make you weep",
        "you scared me there",
        "its getting dark so early",
        "just got back from two weeks in France",
        "the flight was delayed three hours",
        "back in ten minutes",
        "my back is killing me",
        "thanks, that was quick",
        "can you speak French?",
        "is there nudity in it?",
        "love your picks, keep going",
        "I could murder a curry",
        "yes I'm serious",
    ],
)
def test_daily_talk_asks_for_nothing(matcher: FacetMatcher, message: str) -> None:
    assert said(matcher, message) == set()


@pytest.mark.parametrize(
    ("message", "condition"),
    [
        ("my wife is tired and wants something sad", "sadness at least 2"),
        ("our daughter is easily scared", "scares at most 1"),
        ("the kids are six and nine", "age_from at most 6"),
        ("my dad is mad about Paris, so set in Paris", "place any of Paris"),
        ("my husband nods off, it must be short", "runtime at most 95"),
    ],
)
def test_what_people_are_may_still_say_what_they_need(
    matcher: FacetMatcher, message: str, condition: str
) -> None:
    assert condition in said(matcher, message)


@pytest.mark.parametrize(
    "text",
    ["my favourite is a sad one", "my son loves dinosaurs", "they should be funny", "a film where he is sad"],
)
def test_wishes_are_not_told(text: str) -> None:
    assert find_told(text) == []


@pytest.mark.parametrize(
    ("message", "condition"),
    [
        ("tearjerkers leave me cold", "sadness at most 1"),
        ("horror and tearjerkers bore me", "scares at most 1"),
        ("horror? absolutely not", "scares at most 1"),
        ("violence drives my wife up the wall", "violence at most 1"),
        ("she leaves the room if there's violence", "violence at most 1"),
        ("anything with subtitles is out", "language any of English"),
        ("swearing is fine, sex isn't", "sex at most 0"),
        ("nothing that'll have me checking under the bed", "scares at most 1"),
        ("no more horror", "scares at most 1"),
    ],
)
def test_what_is_turned_down_behind_it_is_denied(matcher: FacetMatcher, message: str, condition: str) -> None:
    assert condition in said(matcher, message)


def test_each_denial_of_a_list_denies_once(matcher: FacetMatcher) -> None:
    assert said(matcher, "no couples, no kissing, no weddings") == {"romance at most 0"}


def test_what_is_too_much_for_others_is_asked_for(matcher: FacetMatcher) -> None:
    assert "moods any of disturbing" in said(matcher, "too disturbing for my partner, perfect for me")


@pytest.mark.parametrize(
    ("message", "condition"),
    [
        ("Godson is coming to stay (7)", "age_from at most 7"),
        ("five girls, all eleven", "age_from at most 11"),
        ("our Tom's only 5", "age_from at most 5"),
        ("Paris in the twenties", "period any of 1920s"),
        ("twenties Paris", "period any of 1920s"),
        ("French it must be", "country any of France or language any of French"),
        ("in French to practise for my exam", "language any of French"),
        ("eighty-odd minutes", "runtime between 70 and 90"),
    ],
)
def test_numbers_decades_and_origins_in_spoken_language(
    matcher: FacetMatcher, message: str, condition: str
) -> None:
    assert condition in said(matcher, message)


def test_an_age_is_not_denied_by_what_is_too_much_for_it(matcher: FacetMatcher) -> None:
    assert "age_from at most 7" in said(matcher, "nothing too scary for a seven year old")


def test_words_of_denials_are_not_mended(matcher: FacetMatcher) -> None:
    assert "scares at most 1" in said(matcher, "remove the horror ones")
