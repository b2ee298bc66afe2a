"""Messages in other languages: what they ask for in English, since search and facets know English alone."""

from __future__ import annotations

from tastemaker.agent.nlu.understanding import Intent, Understanding
from tastemaker.retrieval.text.glossary import Glossed, gloss


def english_words_of(glossed: Glossed | None) -> str:
    """What stands behind a message in another language, so that facets can be read out of it; "" for English."""
    return f".\n\n{glossed.sentence}." if glossed else ""


def gloss_request(message: str, intent: Intent) -> Glossed | None:
    """A request in English; None where it is English already, or asks for no items.

    Args:
        message: as written, without titles.
        intent: of the message.
    """
    return gloss(message) if intent is Intent.RECOMMEND else None


def with_english(reading: Understanding, glossed: Glossed | None) -> Understanding:
    """A reading with an English query and what to avoid in English; as it was for a message in English."""
    if glossed is None:
        return reading
    found = {"query": glossed.wanted, "avoid": glossed.unwanted, "unexplained": ()}
    return reading.model_copy(update=found)
