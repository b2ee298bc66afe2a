"""A moment of a logged conversation: what had been said, and what the human recommender then named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.normalise import normalise

Speaker = Literal["seeker", "recommender"]
Sentiment = Literal["liked", "disliked", "seen"]


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one of the two said."""

    speaker: Speaker
    text: str


@dataclass(frozen=True, slots=True)
class LoggedCase:
    """A moment as its file has it: items by the names or ids used there.

    Attributes:
        id: unique in its file.
        group: the conversation.
        turn: its utterances before this moment, 0 for the first.
        context: what was said so far.
        mentioned: items named so far by either, in order of first mention.
        gold: items that the recommender names now.
        sentiment: of mentioned items, where the file tells.
        response: what the recommender said.
    """

    id: str
    group: str
    turn: int
    context: tuple[Utterance, ...]
    mentioned: tuple[str, ...]
    gold: tuple[str, ...]
    sentiment: Mapping[str, Sentiment] = field(default_factory=dict)
    response: str = ""


@dataclass(frozen=True, slots=True)
class DialogueCase:
    """The same with its items found in a catalogue.

    Attributes:
        id, group, turn, context, response: as logged.
        mentioned: ids, in order of first mention.
        gold: ids.
        outside: gold items that the catalogue lacks: nobody can find them, and they count as missed.
        sentiment: by id.
    """

    id: str
    group: str
    turn: int
    context: tuple[Utterance, ...]
    mentioned: tuple[str, ...]
    gold: tuple[str, ...]
    outside: tuple[str, ...] = ()
    sentiment: Mapping[str, Sentiment] = field(default_factory=dict)
    response: str = ""

    @property
    def new(self) -> tuple[str, ...]:
        """Gold items that nobody had named before."""
        return tuple(item_id for item_id in self.gold if item_id not in self.mentioned)

    @property
    def message(self) -> str:
        """What the seeker said last; empty where they said nothing yet."""
        said = [one.text for one in self.context if one.speaker == "seeker" and one.text.strip()]
        return said[-1] if said else ""


class Names:
    """Ids by exact names: an id, or a title whatever its case, accents and spaces; nothing near it.

    Titles that a catalogue lists twice lead to the first of them, for gold and answers alike.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._by_title: dict[str, str] = {}
        for item in catalog:
            self._by_title.setdefault(normalise(item.title), item.id)
        self._first = {item.id: self._by_title[normalise(item.title)] for item in catalog}

    def id(self, name: str) -> str | None:
        """The item's id, or None.

        >>> from tastemaker.retrieval.catalog import Item
        >>> from tastemaker.retrieval.schema import Schema
        >>> names = Names(Catalog([Item("7", "Heat (1995)", {})], Schema(attributes=())))
        >>> names.id("heat  (1995)"), names.id("7"), names.id("Heat")
        ('7', '7', None)
        """
        return self._first.get(name) or self._by_title.get(normalise(name))

    def first(self, item_id: str) -> str:
        """The id that stands for all items of this title."""
        return self._first[item_id]

    def ids(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those that are in the catalogue, each once."""
        return tuple(dict.fromkeys(found for name in names if (found := self.id(name)) is not None))


def linked(cases: Sequence[LoggedCase], names: Names) -> list[DialogueCase]:
    """Cases with ids for names; those with no gold at all are left out."""
    found = []
    for case in cases:
        gold = names.ids(case.gold)
        outside = tuple(dict.fromkeys(name for name in case.gold if names.id(name) is None))
        sentiment = {item_id: felt for name, felt in case.sentiment.items() if (item_id := names.id(name))}
        if gold or outside:
            found.append(
                DialogueCase(
                    case.id, case.group, case.turn, case.context, names.ids(case.mentioned), gold, outside,
                    sentiment, case.response,
                )
            )  # fmt: skip
    return found
