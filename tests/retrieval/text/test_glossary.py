"""Messages in other languages reach English: content, denials, people, and nothing for English."""

from __future__ import annotations

import pytest

from tastemaker.retrieval.text.function_words import function_words
from tastemaker.retrieval.text.glossary import gloss, to_english
from tastemaker.retrieval.text.glossary_table import glossary_table
from tastemaker.retrieval.text.languages import detect_language

OTHERS = ("de", "fr", "es", "it", "pt", "nl")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ich suche einen spannenden Krimi", "de"),
        ("ohne Krieg", "de"),
        ("je cherche une comédie", "fr"),
        ("plus court", "fr"),
        ("¿tienes algo de miedo?", "es"),
        ("vorrei qualcosa di leggero", "it"),
        ("não quero nada triste", "pt"),
        ("iets grappigs voor kinderen", "nl"),
    ],
)
def test_language_is_detected(text, language):
    assert detect_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "a war film but no man must die in it",
        "something sad, set in Paris or Roma",
        "Hi!",
        ":)",
        "",
        "42",
        "I loved Les Misérables and Das Boot",
        "films noir with a femme fatale",
        "match point 2005",
        "pour me a drink and show me a comedy",
    ],
)
def test_english_and_nothing_stay_english(text):
    assert detect_language(text) == "en"
    assert to_english(text) is None


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("Horror mag ich nicht, lieber eine Liebeskomödie", "romantic comedy", ("horror",)),
        ("algo para llorar, sin violencia, drogas ni sexo", "tearjerker", ("violence", "drugs", "erotic")),
        ("una commedia senza guerra e senza tribunali", "comedy", ("war", "courtroom trial")),
        ("um filme de terror, mas sem muito sangue", "horror", ("gore blood",)),
        ("pas la nourriture, plutôt un film où on danse", "dance film", ("food cooking",)),
        ("une comédie, pas trop longue", "comedy", ("long",)),
        ("nichts mit Krieg, aber spannend", "suspenseful", ("war",)),
        ("una comedia, no importa de qué país", "comedy", ()),
        ("algo sin sangre, con humor", "humor", ("gore blood",)),
        ("een spannende film zonder geweld", "suspenseful film", ("violence",)),
    ],
)
def test_what_is_denied_is_unwanted(text, wanted, unwanted):
    found = gloss(text)
    assert (found.wanted, found.unwanted) == (wanted, unwanted)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("ein düsteres Gerichtsdrama", "dark courtroom trial"),
        ("Zeitreisefilm gesucht, bitte mit Humor", "time travel film humor"),
        ("películas oscuras de venganza", "film dark revenge"),
        ("des histoires émouvantes d'amitié", "moving friendship story"),
        ("ein Brettspiel für zwei Spieler", "two players board game"),
        ("una receta vegetariana sin gluten", "vegetarian gluten-free recipe"),
    ],
)
def test_inflections_compounds_and_phrases(text, english):
    assert set(to_english(text).split()) == set(english.split())


def test_people_it_is_for_are_not_what_it_is_about():
    found = gloss("qualcosa di divertente per mia nipote")
    assert (found.wanted, found.sentence) == ("funny", "funny, for my niece")


def test_a_decade_counts_where_the_story_plays_alone():
    assert gloss("ein Krimi aus den Achtzigern").sentence == "crime thriller"
    assert "set in the 1950s" in gloss("un drame qui se passe dans les années 50").sentence


def test_names_are_kept():
    assert "Almodóvar" in to_english("una película como las de Almodóvar")
    assert "Hitchcock" in to_english("etwas Spannendes wie von Hitchcock")


@pytest.mark.parametrize("language", OTHERS)
def test_the_glossary_is_large_and_keeps_function_words_apart(language):
    table = glossary_table(language)
    assert len(table.exact) > 800
    assert not {key[0] for key in table.exact if len(key) == 1} & {
        w for (w, *_) in function_words()[language].deny
    }
