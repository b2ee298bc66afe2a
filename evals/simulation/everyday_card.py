"""What somebody at the hard level knows of the item they want: wishes in everyday words, and hints of its story.

No attribute is named, no label and no tag said as the catalogue has it: a tag becomes the phrase of another item that
means much the same, or is left out. So nothing on the card can be looked up word by word.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tastemaker.evals.simulation.everyday_wishes import Wish
from tastemaker.evals.simulation.leak_audit import LeakAudit
from tastemaker.evals.simulation.target_card import Fact, Sort, TargetCard, target_card
from tastemaker.retrieval.catalog.catalog import Catalog, Item

MOST_HINTS = 2
"""Hints of the story that come to mind: nobody who looks for something recalls all of it."""


@dataclass(frozen=True)
class EverydayCard:
    """All that may be said of an item at the hard level.

    Attributes:
        card: the facts in everyday words, the vaguest first; for whoever plays the person.
        wishes: what each fact that is a wish says, by the fact's key.
        refusable: wishes that the item does not meet and that people turn down.
        known: the facts of the easy level, for questions that name an attribute or a value.
    """

    card: TargetCard
    wishes: dict[str, Wish]
    refusable: tuple[Wish, ...]
    known: tuple[Fact, ...]


def everyday_card(
    item: Item,
    catalog: Catalog,
    audit: LeakAudit,
    wishes: Sequence[Wish],
    other_words: Callable[[str], str | None],
    dice: random.Random,
) -> EverydayCard:
    """The card of an item, in an order of its own for each state of ``dice``."""
    secrets, plain = audit.secrets(item), target_card(item, catalog, audit)
    said: dict[str, Wish] = {}
    vague = list[Fact]()
    for wish in (wish for wish in wishes if wish.holds_of(item)):
        words = dice.choice(wish.wants)
        if not audit.leaks(words, secrets):
            shared = sum(wish.holds_of(other) for other in catalog)
            fact = Fact(wish.condition.field, Sort.TAG, words, shared_by=shared)
            said[fact.key] = wish
            vague.append(fact)
    hints = [
        Fact(fact.field, Sort.STORY, f"something about {other}", shared_by=fact.shared_by)
        for fact in plain.of_sort(Sort.TAG)
        if (other := other_words(fact.said)) and not audit.leaks(other, secrets)
    ]
    dice.shuffle(hints)
    dice.shuffle(vague)
    vague.sort(key=lambda fact: -round(fact.shared_by / max(1, len(catalog)) * 4))
    facts = _interleave(vague, hints[:MOST_HINTS])
    refusable = tuple(wish for wish in wishes if wish.refuses and wish.fails_of(item))
    return EverydayCard(TargetCard((*facts, *plain.of_sort(Sort.SPAN)), ()), said, refusable, plain.facts)


def _interleave(vague: Sequence[Fact], hints: Sequence[Fact]) -> list[Fact]:
    """Two wishes, a hint, two wishes, a hint, and the rest."""
    left, order = list(vague), list[Fact]()
    for hint in hints:
        order += [*left[:2], hint]
        left = left[2:]
    return [*order, *left]
