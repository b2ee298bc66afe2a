"""What a simulated person knows of the item they have in mind: attributes and bits of its story, never a name.

Names of people never get on the card. Of the rest, whatever the leak audit objects to is
left out, and so is every capitalised word of a story, which may be a hero or a place that
gives the title away.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.evals.simulation.leak_audit import LeakAudit, Secrets
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import label_fields
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.filters.conditions import Constraint, Op
from tastemaker.retrieval.text.tokens import singular

MIN_FACTS = 3
"""Somebody who knows less than this of what they look for cannot be helped."""

VAGUE = 10
"""Items that share a tag from which it says little."""

MIN_TELLING, MAX_TELLING = 2, 3
"""Telling words of a bit of story."""

_BREAK = re.compile(
    r"[,;:.!?()\"“”]|\b(?:and|but|who|whose|that|which|when|while|where|until|before|after|as|so|then|to"
    r"|is|are|was|were|has|have|had|must|will|would|can|both|into|through|by|for|with|their|once|still|never)\b"
)
_LITTLE = frozenset("his her its their own only now much many once upon each every".split())
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


class Sort(StrEnum):
    """What a fact is: a label of few values, a span of numbers, a tag of many values, a bit of story."""

    LABEL = "label"
    SPAN = "span"
    TAG = "tag"
    STORY = "story"


@dataclass(frozen=True)
class Fact:
    """One thing that is true of the item.

    Attributes:
        field: the attribute it comes from.
        sort: what it is.
        said: in words, as in "a comedy", "from the 1990s", "storm chasers".
        condition: the same as a hard condition, for labels and spans.
        shared_by: how many items have the same value; 1 for a bit of story.
    """

    field: str
    sort: Sort
    said: str
    condition: Constraint | None = None
    shared_by: int = 1

    @property
    def key(self) -> str:
        """How a form names it.

        >>> Fact("themes", Sort.TAG, "storm chasers").key
        'themes: storm chasers'
        """
        return f"{self.field}: {self.said}"


@dataclass(frozen=True)
class TargetCard:
    """All that may be said of an item.

    Attributes:
        facts: what is true of it.
        not_labels: values of the label attributes that it does not have, by attribute, the frequent ones first;
            without those that a fact has in its words ("romantic comedy"), which would contradict it.
    """

    facts: tuple[Fact, ...]
    not_labels: tuple[tuple[str, str], ...]

    def of_sort(self, *sorts: Sort) -> list[Fact]:
        """The facts of these sorts, in order."""
        return [fact for fact in self.facts if fact.sort in sorts]


def target_card(item: Item, catalog: Catalog, audit: LeakAudit) -> TargetCard:
    """The masked card of an item."""
    secrets = audit.secrets(item)
    labels = {v.casefold() for name in label_attributes(catalog, audit) for v in catalog.values(name)}
    facts = [*_labels_and_tags(item, catalog, audit, labels), *_spans(item, catalog)]
    facts += _stories(item, catalog, secrets)
    spoken = {singular(word.norm) for fact in facts for word in words(fact.said)}
    others = [
        (name, value)
        for name in label_attributes(catalog, audit)
        for value in catalog.values(name)
        if not spoken & {singular(word.norm) for word in words(value)}
    ]
    return TargetCard(
        tuple(fact for fact in dict.fromkeys(facts) if not audit.leaks(fact.said, secrets)),
        tuple(pair for pair in others if not audit.leaks(pair[1], secrets)),
    )


def vague_first(card: TargetCard, dice: random.Random) -> list[Fact]:
    """All facts in an order in which people tell them: a label, a tag that many items have, then the rest."""
    labels, tales = card.of_sort(Sort.LABEL), card.of_sort(Sort.TAG, Sort.STORY)
    dice.shuffle(labels)
    dice.shuffle(tales)
    first = [*labels[:1], *[fact for fact in tales if fact.shared_by >= VAGUE][:1]]
    rest = [fact for fact in (*labels, *tales, *card.of_sort(Sort.SPAN)) if fact not in first]
    dice.shuffle(rest)
    return [*first, *rest]


def label_attributes(catalog: Catalog, audit: LeakAudit) -> list[str]:
    """Attributes of few values, names of people left out."""
    return [name for name in label_fields(catalog) if name not in audit.names]


def _labels_and_tags(
    item: Item, catalog: Catalog, audit: LeakAudit, all_labels: Collection[str]
) -> Iterator[Fact]:
    """A tag that is a label too ("fantasy") would be taken for it, whether the item has the label or not."""
    labels = set(label_attributes(catalog, audit))
    for name in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS):
        if name in audit.names:
            continue
        for value in as_tags(item.attributes.get(name)):
            if name in labels:
                is_it = Constraint(field=name, op=Op.IS, value=value)
                yield Fact(name, Sort.LABEL, value.lower(), is_it)
            elif value.casefold() not in all_labels and not any(
                audit.may_be_a_name(word.norm) for word in words(value)
            ):
                yield Fact(name, Sort.TAG, value, shared_by=len(catalog.postings(name)[value.casefold()]))


def _spans(item: Item, catalog: Catalog) -> Iterator[Fact]:
    """A year becomes its decade, any other number a span of a fifth around it: nobody remembers it exactly."""
    for name in catalog.schema.of_kind(Kind.NUMBER):
        value = item.attributes.get(name)
        if not isinstance(value, int | float):
            continue
        if "year" in name.casefold():
            low, high, said = _decade(int(value))
        else:
            low, high = sorted((round(value * 0.8), round(value * 1.2)))
            said = f"{name.replace('_', ' ')} between {low} and {high}"
        if low <= value <= high:
            yield Fact(name, Sort.SPAN, said, Constraint(field=name, op=Op.BETWEEN, value=(low, high)))


def _decade(year: int) -> tuple[int, int, str]:
    """First and last year, and how it is said.

    >>> _decade(1996)
    (1990, 1999, 'from the 1990s')
    """
    first = year // 10 * 10
    return first, first + 9, f"from the {first}s"


def _stories(item: Item, catalog: Catalog, secrets: Secrets) -> Iterator[Fact]:
    hidden = secrets.title_words | secrets.names
    for name in catalog.schema.of_kind(Kind.TEXT):
        for bit in bits_of_story(str(item.attributes.get(name, ""))):
            if not hidden & {word.norm for word in words(bit)}:
                yield Fact(name, Sort.STORY, bit)


def bits_of_story(text: str) -> list[str]:
    """A text in short pieces without names, each with something to tell.

    >>> bits_of_story("In Oslo a shy baker hires Nils, a thief, who robs the big bank next door at night.")
    ['a shy baker hires', 'robs the big bank']
    """
    pieces = (_without_names(text, piece) for piece in _pieces(text))
    return [said for piece in pieces for said in [_shorten(piece)] if said]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _BREAK.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def _without_names(text: str, piece: tuple[int, int]) -> list[str]:
    """The words of a piece behind its last name, or the longest run without one."""
    runs: list[list[str]] = [[]]
    for found in _WORD.finditer(text, *piece):
        name = found[0][0].isupper() and not _opens(text, found.start())
        if name or any(char.isdigit() for char in found[0]):
            runs.append([])
        else:
            runs[-1].append(found[0].lower())
    return max(runs, key=len)


def _opens(text: str, at: int) -> bool:
    """Whether a word opens a sentence and is an everyday word there: its capital then says nothing."""
    before = text[:at].rstrip()
    word = _WORD.match(text, at)
    return (not before or before[-1] in ".!?") and word is not None and word[0].casefold() in STOPWORDS


def _shorten(said: Sequence[str]) -> str:
    """At most so many telling words, loose ends cut off; "" where it tells too little."""
    kept: list[str] = []
    for word in said:
        if sum(_tells(one) for one in kept) == MAX_TELLING:
            break
        kept.append(word)
    while kept and not _tells(kept[-1]):
        kept.pop()
    while kept and not _tells(kept[0]) and kept[0] not in ("a", "an", "two", "three"):
        kept.pop(0)
    return " ".join(kept) if sum(map(_tells, kept)) >= MIN_TELLING else ""


def _tells(word: str) -> bool:
    return word not in STOPWORDS and word not in _LITTLE and len(word) > 2
