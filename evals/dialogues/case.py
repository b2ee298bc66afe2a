"""A moment of a logged conversation: what had been said, and what the human recommender then named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tastemaker.evals.dialogues.bare_titles import BareTitles, twins_of
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.text.normalise import normalise

Speaker = Literal["seeker", "recommender"]
Sentiment = Literal["liked", "disliked", "seen"]
NamedBy = Literal["title", "id", "word", "yearless", "entity"]
"""How a file names items.

``title``: by title only, even where it looks like an id, as the film "2012" does. ``id``: by id or
title. ``yearless``: by title, and the year may be missing where only one item is called so. ``word``: by
title, among words and people: a name that is a value of the catalogue, such as the genre "Drama", is
taken for that, though a film be called so. ``entity``: likewise, also in what is to be found, where
things that are no items of the catalogue don't count.
"""


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
        names: what its names of items are, see :data:`NamedBy`.
        time: when the conversation was held, in days, where the file tells.
    """

    id: str
    group: str
    turn: int
    context: tuple[Utterance, ...]
    mentioned: tuple[str, ...]
    gold: tuple[str, ...]
    sentiment: Mapping[str, Sentiment] = field(default_factory=dict)
    response: str = ""
    names: NamedBy = "title"
    time: float | None = None


@dataclass(frozen=True, slots=True)
class DialogueCase:
    """The same with its items found in a catalogue.

    Attributes:
        id, group, turn, context, response, time: as logged.
        mentioned: ids, in order of first mention.
        gold: ids.
        outside: gold items that the catalogue lacks: nobody can find them, and they count as missed.
        sentiment: by id.
        repeated_outside: those of ``outside`` that had been named before.
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
    repeated_outside: frozenset[str] = frozenset()
    time: float | None = None

    @property
    def new(self) -> tuple[str, ...]:
        """Gold items that nobody had named before."""
        return tuple(item_id for item_id in self.gold if item_id not in self.mentioned)

    @property
    def targets(self) -> tuple[str, ...]:
        """What is new, and by name, after ``outside:``, what is new and not in the catalogue."""
        unheard = (name for name in self.outside if name not in self.repeated_outside)
        return (*self.new, *(f"outside:{name}" for name in unheard))

    @property
    def message(self) -> str:
        """What the seeker said last; empty where they said nothing yet."""
        said = [one.text for one in self.context if one.speaker == "seeker" and one.text.strip()]
        return said[-1] if said else ""


class Names:
    """Ids by exact names: an id, or a title whatever its case, accents and spaces; nothing near it.

    Titles that a catalogue lists twice lead to the first of them, for gold and answers alike; so does the same item
    listed with its year and without.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._by_title: dict[str, str] = {}
        for item in catalog:
            self._by_title.setdefault(normalise(item.title), item.id)
        first = {item.id: self._by_title[normalise(item.title)] for item in catalog}
        twins = twins_of(catalog)
        self._first = {item_id: first[twins.get(own, own)] for item_id, own in first.items()}
        self._by_title = {title: self._first[own] for title, own in self._by_title.items()}
        self._bare = BareTitles(catalog, self._first)
        labels = catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS)
        self._values = {value for name in labels for value in catalog.spellings(name)}

    def by_title(self, title: str) -> str | None:
        """The item with this title, or None; ids are not looked at."""
        return self._by_title.get(normalise(title))

    def yearless(self, title: str, said: str = "") -> str | None:
        """The item with this title, else the one that it means, see :meth:`BareTitles.find`."""
        return self.by_title(title) or self._bare.find(title, said)

    def is_value(self, name: str) -> bool:
        """Whether a name is a value of some attribute, such as a genre or a person."""
        return name.casefold() in self._values

    def id(self, name: str) -> str | None:
        """The item's id, or None.

        >>> from tastemaker.retrieval.catalog.catalog import Item
        >>> from tastemaker.retrieval.catalog.schema import Schema
        >>> names = Names(Catalog([Item("7", "Heat (1995)", {})], Schema(attributes=())))
        >>> names.id("heat  (1995)"), names.id("7"), names.id("Heat")
        ('7', '7', None)
        """
        return self._first.get(name) or self.by_title(name)

    def first(self, item_id: str) -> str:
        """The id that stands for all items of this title."""
        return self._first[item_id]

    def ids(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those that are in the catalogue, each once."""
        return _find_ids(names, self.id)


def link(cases: Sequence[LoggedCase], names: Names) -> list[DialogueCase]:
    """Cases with ids for names; those with no gold at all are left out."""
    return [found for case in cases if (found := _link(case, names)).gold or found.outside]


def _link(case: LoggedCase, names: Names) -> DialogueCase:
    said = " ".join(one.text for one in case.context)
    find = _finder(case.names, names, said)
    before = {normalise(name) for name in case.mentioned}
    right = names.by_title if case.names == "word" else _finder(case.names, names, f"{said} {case.response}")
    lacking = [name for name in case.gold if case.names != "entity" and right(name) is None]
    return DialogueCase(
        case.id,
        case.group,
        case.turn,
        case.context,
        _find_ids(case.mentioned, find),
        _find_ids(case.gold, right),
        tuple(dict.fromkeys(lacking)),
        {item_id: felt for name, felt in case.sentiment.items() if (item_id := find(name))},
        case.response,
        frozenset(name for name in lacking if normalise(name) in before),
        case.time,
    )


def _finder(by: NamedBy, names: Names, said: str) -> Callable[[str], str | None]:
    if by in ("word", "entity"):
        return lambda name: None if names.is_value(name) else names.by_title(name)
    if by == "yearless":
        return lambda name: names.yearless(name, said)
    return names.id if by == "id" else names.by_title


def _find_ids(told: Iterable[str], find: Callable[[str], str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for name in told if (found := find(name)) is not None))
