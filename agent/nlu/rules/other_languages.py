"""Messages in other languages: what they ask for in English, since search and facets know English alone."""

from __future__ import annotations

from dataclasses import dataclass

from tastemaker.agent.nlu.tokenizer import words
from tastemaker.agent.nlu.understanding import Understanding
from tastemaker.retrieval.text.function_words import function_words
from tastemaker.retrieval.text.glossary import NO_TEXT, gloss
from tastemaker.retrieval.text.languages import ENGLISH


@dataclass(frozen=True, slots=True)
class Translation:
    """What a message says in English; empty where it is English already.

    Attributes:
        sentence: what the message says, to be read in its place.
        wanted: a text to search for.
        unwanted: what it turns down.
    """

    sentence: str = ""
    wanted: str = ""
    unwanted: tuple[str, ...] = ()

    def added_to(self, reading: Understanding) -> Understanding:
        """What the rules made of the message, with the English query and what to avoid."""
        if not self.sentence:
            return reading
        found = {"query": self.wanted, "avoid": self.unwanted, "unexplained": (), "translated": True}
        return reading.model_copy(update=found)


def translate(message: str) -> Translation:
    """The English of a message without its titles."""
    glossed = gloss(message)
    if glossed is None:
        return Translation()
    unwanted = tuple(phrase for phrase in glossed.unwanted if phrase not in NO_TEXT)
    return Translation(f"{glossed.sentence}.", glossed.wanted, unwanted)


def without_little_words(text: str, language: str) -> str:
    """A text without the articles, pronouns and verbs of asking of a catalogue's own language; English stays.

    >>> without_little_words("ich suche einen Stuhl mit Armlehne", "de")
    'Stuhl Armlehne'
    """
    if language == ENGLISH:
        return text
    little = function_words()[language]
    empty = little.function | little.passing | little.with_ | little.for_
    return " ".join(text[word.start : word.end] for word in words(text) if word.norm not in empty)
