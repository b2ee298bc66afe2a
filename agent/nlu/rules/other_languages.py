"""Messages in other languages: what they ask for in English, since search and facets know English alone."""

from __future__ import annotations

from dataclasses import dataclass

from tastemaker.agent.nlu.understanding import Understanding
from tastemaker.retrieval.text.glossary import gloss


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
    return Translation(f"{glossed.sentence}.", glossed.wanted, tuple(glossed.unwanted))
