"""Answers that need no model: about an item, about why it was shown, small talk, the lead-in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tastemaker.agent.events import Card
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.retrieval.text.joined import join_and
from tastemaker.agent.reply.reasons import display_values
from tastemaker.agent.reply.source_labels import source_in_words
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import EVERY, STATED, UNSTATED, Kind
from tastemaker.retrieval.catalog.value_words import attribute_in_words, provenance_mark, value_in_words

if TYPE_CHECKING:
    from tastemaker.agent.turn.state import TurnResources

MAX_SOURCES = 3
LENGTHS = ("runtime", "length", "duration", "pages")

_WHY = re.compile(r"^\W*why\b", re.IGNORECASE)
_WHY_THESE = re.compile(r"^\W*why\b[^,.]*\b(?:this|that|these|those|them|it)\b|^\W*why\W*$", re.IGNORECASE)
_SHOWN = re.compile(r"\bwhat did you (show|recommend|suggest)\b", re.IGNORECASE)


def about(message: str, named: Sequence[str], last: Sequence[Card], resources: TurnResources) -> str:
    """Answer a question about items of the catalogue, from the catalogue and the last reply alone."""
    if _SHOWN.search(message) and last:
        return "I showed you " + join_and([card.title for card in last]) + "."
    if not named and last and _WHY_THESE.search(message):
        named = [card.id for card in last]
    if not named:
        return "Which title do you mean? I can tell you what this catalogue knows about it."
    cards = [card for card in last if card.id in named]
    if _WHY.search(message) and cards:
        return " ".join(f"{card.title}: {card.reason} It is {_places(card)}." for card in cards)
    catalog = resources.tool_context.catalog
    asked = _find_attributes(message, catalog)
    return " ".join(_item_in_words(catalog[item_id], catalog, asked) for item_id in named)


def _places(card: Card) -> str:
    return join_and([source_in_words(source) for source in card.sources[:MAX_SOURCES]])


def small_talk(profile: TasteProfile) -> str:
    """A friendly line that leads back to the catalogue."""
    if profile.taste() or profile.wishes:
        return "Gladly. Tell me what to change, or ask for more."
    return "Hello! Name something you liked, or say what you are in the mood for."


def _find_attributes(message: str, catalog: Catalog) -> list[str]:
    """Attributes that a question names or its question word stands for ("when", "what about")."""
    stems = {word.norm[:5] for word in words(message)}
    asked = [
        name
        for name in catalog.schema.names(STATED)
        if any(w.norm[:5] in stems for w in words(name.replace("_", " ")))
    ]
    for name in catalog.schema.names(UNSTATED):  # "from" and "mean" alone do not ask for one of these
        telling = [w.norm[:5] for w in words(name.replace("_", " ")) if w.norm not in STOPWORDS]
        asked += [name] if telling and stems.issuperset(telling) else []
    if "long" in stems:
        numbers = catalog.schema.of_kind(Kind.NUMBER, provenance=EVERY)
        asked += [n for n in numbers if n not in asked and any(part in n.casefold() for part in LENGTHS)]
    if "when" in stems:
        asked += [n for n in catalog.schema.of_kind(Kind.NUMBER, Kind.DATE) if "year" in n or "date" in n]
    if "about" in stems:
        asked += list(catalog.schema.of_kind(Kind.TEXT))
    return asked


def _item_in_words(item: Item, catalog: Catalog, asked: Sequence[str]) -> str:
    said = [_value_line(name, item, catalog) for name in asked if name in item.attributes]
    if said:
        return f"{item.title}: {'; '.join(said).rstrip('.')}."
    text = [str(item.attributes[n]) for n in catalog.schema.of_kind(Kind.TEXT) if n in item.attributes]
    other = [
        f"{name}: {', '.join(map(str, display_values(value)))}"
        for name, value in item.attributes.items()
        if catalog.schema[name].kind is not Kind.TEXT and catalog.schema[name].provenance in STATED
    ]
    return f"{item.title}. {' '.join([*text, '; '.join(other)])}."


def _value_line(name: str, item: Item, catalog: Catalog) -> str:
    """A value under its name, said to be inferred or computed where it is."""
    attribute, value = catalog.schema[name], item.attributes[name]
    if attribute.provenance in STATED:
        return f"{name}: {', '.join(map(str, display_values(value)))}"
    return f"{attribute_in_words(name)}: {value_in_words(attribute, value)} ({provenance_mark(attribute)})"
