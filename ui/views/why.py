"""Why a card is on the list: its reason, and which searches found it, in words."""

from __future__ import annotations

from tastemaker.agent import Card
from tastemaker.agent.reply.citations import source_in_words

MAX_SOURCES = 5


def why(card: Card) -> list[str]:
    """Sentences, the reason first, then the best places among the searches that found it."""
    best = sorted(card.sources, key=lambda source: source.place)[:MAX_SOURCES]
    return [card.reason, *(f"It was {source_in_words(source)}." for source in best)]
