"""What is said of a list in other languages is read as in English; a person's name counts behind any "with"."""

import pytest

from tastemaker.agent.nlu.foreign_phrases import say_in_english
from tastemaker.agent.nlu.rules.other_languages import translate
from tastemaker.retrieval.facets.definition import shipped_facets
from tastemaker.retrieval.facets.matching import match_facets
from tastemaker.retrieval.filters.conditions import describe


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("Den ersten kenne ich schon", "I've seen the first one"),
        ("den zweiten hab ich schon gesehen", "I've seen the second one"),
        ("Ich kenne den ersten und den dritten schon", "I've seen the first one and the third one"),
        ("je connais déjà le premier", "I've seen the first one"),
        ("ya he visto la primera", "I've seen the first one"),
        ("ho già visto il secondo", "I've seen the second one"),
        ("já vi o primeiro", "I've seen the first one"),
        ("de eerste heb ik al gezien", "I've seen the first one"),
        ("mehr wie der dritte", "more like the third one"),
        ("plus comme le deuxième", "more like the second one"),
        ("meer zoals de tweede", "more like the second one"),
        ("der zweite klingt gut", "I like the second one"),
    ],
)
def test_places_in_a_list_are_put_into_english(said, english):
    assert say_in_english(said) == english


@pytest.mark.parametrize(
    "said",
    [
        "the first was good",
        "it was a film with a man",
        "ein Film über den zweiten Weltkrieg",
        "la primera guerra mundial",
        "un premier film",
        "was good stuff",
    ],
)
def test_what_speaks_of_no_list_stays(said):
    assert say_in_english(said) == said


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("kannst du mir was mit Hunden empfehlen", "kannst du mir etwas mit Hunden empfehlen"),
        ("was Lustiges", "etwas Lustiges"),
        ("den ersten mag ich nicht", "the first one mag ich nicht"),
    ],
)
def test_german_short_forms_and_denials(said, english):
    assert say_in_english(said) == english


@pytest.mark.parametrize(
    "said",
    [
        "kannst du mir was mit Ada Stone empfehlen",
        "hast du was von Ada Stone",
        "zeig mir was mit Ada Stone",
        "peux-tu me recommander quelque chose avec Ada Stone",
        "puedes recomendarme algo con Ada Stone",
        "mi consigli qualcosa con Ada Stone",
        "kun je iets met Ada Stone aanraden",
        "pode me recomendar algo com Ada Stone",
    ],
)
def test_a_person_is_asked_for_in_any_language(tm, said):
    session = tm.session()
    session.send(said)
    assert any(one.value == "Ada Stone" for one in session.profile.constraints), session.profile


@pytest.mark.parametrize("said", ["niet te lang", "nicht zu lang", "pas trop long", "no muy larga"])
def test_not_too_long_is_a_limit(said):
    found = [describe(one.condition) for one in match_facets(said, shipped_facets("films"))]
    assert "runtime at least 140" not in found


def test_a_length_is_no_text_to_stay_away_from():
    assert translate("und lieber nicht so lang").unwanted == ()
