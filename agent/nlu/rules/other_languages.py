"""Messages in other languages: what they ask for in English, since search and facets know English alone."""

from __future__ import annotations

from tastemaker.agent.nlu.understanding import Intent, Understanding
from tastemaker.retrieval.text.glossary import gloss


def read_other_language(message: str, reading: Understanding) -> tuple[Understanding, str]:
    """The understanding with an English query and what to avoid, and English words for facets to read.

    Args:
        message: as written, without titles.
        reading: what the rules made of it.

    Returns:
        The reading as it was and "", where the message is English or asks for no items.
    """
    glossed = gloss(message) if reading.intent is Intent.RECOMMEND else None
    if glossed is None:
        return reading, ""
    found = {"query": glossed.wanted, "avoid": glossed.unwanted}
    return reading.model_copy(update=found), f".\n\n{glossed.sentence}."
