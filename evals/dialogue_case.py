"""One place in a logged conversation where a recommender has to answer, and what was answered then."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from tastemaker.retrieval.catalog import Catalog

OUTSIDE = "outside:"
"""In front of the title of a gold item that the catalogue lacks: an id that no system can give."""


class Speaker(StrEnum):
    """Who says something."""

    SEEKER = "seeker"
    RECOMMENDER = "recommender"


class Opinion(StrEnum):
    """What the seeker thinks of an item, where the log tells."""

    LIKED = "liked"
    DISLIKED = "disliked"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one of the two said, until the other one spoke."""

    speaker: Speaker
    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """An item that was named before.

    Attributes:
        item: its id.
        by: who named it first, where the log tells.
        opinion: of the seeker, where the log tells.
    """

    item: str
    by: Speaker | None = None
    opinion: Opinion | None = None


@dataclass(frozen=True, slots=True)
class DialogueCase:
    """What was said up to one answer of the human recommender, and the items of that answer.

    Attributes:
        id: unique in its file: the conversation and the turn.
        conversation: which conversation; cases of one conversation are never told apart in statistics.
        turn: number of utterances before the answer.
        context: these utterances, empty ones left out, the oldest first.
        mentions: items named in them, each once, the one named last at the end.
        gold: ids of the items that the human named in the answer; of items outside the catalogue
            the title behind :data:`OUTSIDE`.
        repeated: those of ``gold`` that were named before.
        answer: the human's words.
    """

    id: str
    conversation: str
    turn: int
    context: tuple[Utterance, ...]
    mentions: tuple[Mention, ...]
    gold: tuple[str, ...]
    repeated: frozenset[str] = frozenset()
    answer: str = ""

    @property
    def mentioned(self) -> tuple[str, ...]:
        """Ids of the items named before, the last one at the end."""
        return tuple(mention.item for mention in self.mentions)

    @property
    def new_gold(self) -> tuple[str, ...]:
        """Gold items that are new to the conversation."""
        return tuple(item for item in self.gold if item not in self.repeated)

    @property
    def outside(self) -> tuple[str, ...]:
        """Gold items that the catalogue lacks."""
        return tuple(item for item in self.gold if item.startswith(OUTSIDE))

    def said_last(self) -> str:
        """The seeker's last words before the answer; "" where the seeker has not spoken."""
        spoken = (said.text for said in reversed(self.context) if said.speaker is Speaker.SEEKER)
        return next(spoken, "")


@dataclass(frozen=True)
class DialogueSet:
    """The cases of a file.

    Attributes:
        name: how reports call it.
        format: the format it was read as.
        cases: in the file's order.
        catalog: what the ids belong to.
        skipped: why and how many turns are no cases, such as an answer without items.
    """

    name: str
    format: str
    cases: tuple[DialogueCase, ...]
    catalog: Catalog
    skipped: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def counts(self) -> dict[str, int]:
        """What is in it, in figures."""
        gold = [item for case in self.cases for item in case.gold]
        return {
            "cases": len(self.cases),
            "conversations": len({case.conversation for case in self.cases}),
            "gold": len(gold),
            "gold new to the conversation": sum(len(case.new_gold) for case in self.cases),
            "gold outside the catalogue": sum(item.startswith(OUTSIDE) for item in gold),
            "cases with new gold": sum(bool(case.new_gold) for case in self.cases),
        }


def in_order_of_last_naming(named: Sequence[Mention]) -> tuple[Mention, ...]:
    """Each item once, where it was named last, with who named it first and the opinion given last.

    >>> said = [Mention("a", Speaker.SEEKER), Mention("b"), Mention("a", None, Opinion.LIKED)]
    >>> [(m.item, m.by and m.by.value, m.opinion and m.opinion.value) for m in in_order_of_last_naming(said)]
    [('b', None, None), ('a', 'seeker', 'liked')]
    """
    known: dict[str, Mention] = {}
    for mention in named:
        before = known.pop(mention.item, mention)
        known[mention.item] = Mention(mention.item, before.by, mention.opinion or before.opinion)
    return tuple(known.values())


def without_repeats(ids: Sequence[str], taken: Collection[str] = ()) -> tuple[str, ...]:
    """The ids in order, each once, without those that are taken.

    >>> without_repeats(["b", "a", "b", "c"], {"a"})
    ('b', 'c')
    """
    return tuple(item for item in dict.fromkeys(ids) if item not in taken)
