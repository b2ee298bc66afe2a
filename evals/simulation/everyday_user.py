"""Somebody at the hard level by rules, and the impatience that anybody at it has, whoever plays them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from tastemaker.evals.simulation.everyday_card import EverydayCard
from tastemaker.evals.simulation.everyday_personas import EverydayPersona
from tastemaker.evals.simulation.everyday_wishes import Wish
from tastemaker.evals.simulation.leak_audit import LeakAudit
from tastemaker.evals.simulation.question_answers import answer_question
from tastemaker.evals.simulation.target_card import Fact, Sort
from tastemaker.evals.simulation.user import SOMETHING_ELSE, AgentTurn, Said, SimulatedUser
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.text.joined import join_and

MIN_SHARE_IT = 2
"""Items shown that have in common what is turned down."""
CHANGES_AT = 2
"""The reply after which somebody thinks better of what they first asked for."""
NEAR = 0.5
"""Share of the wishes told that an item must meet to be near."""
FAREWELL = "Never mind, I'll look somewhere else."


@dataclass
class EverydayUser:
    """One person in one conversation; equal ``dice`` give equal conversations.

    Attributes:
        target: the item in mind; only asked whether it is what a question names.
        card: what may be said of it.
    """

    target: Item
    card: EverydayCard
    persona: EverydayPersona
    catalog: Catalog
    audit: LeakAudit
    dice: random.Random
    _left: list[Fact] = field(default_factory=list)
    _refused: set[Wish] = field(default_factory=set)
    _wrong: Wish | None = None
    _turns: int = 0

    def __post_init__(self) -> None:
        self._secrets = self.audit.secrets(self.target)
        self._left = list(self.card.card.facts)

    def opening(self) -> Said:
        """The first message."""
        told = self._tell(self.persona.opening)
        wanted = [fact.said for fact in told]
        if self.persona.changes_mind and self.card.refusable:
            self._wrong = self.dice.choice(self.card.refusable)
            wanted.insert(0, self.dice.choice(self._wrong.wants))
        return self._say([self._in_words(self.persona.openings, wanted, told)], told)

    def answer(self, turn: AgentTurn) -> Said:
        """The next message, after a reply without the item."""
        self._turns += 1
        shown = [self.catalog[item_id] for item_id in turn.items if item_id in self.catalog]
        parts, known, refused = list[str](), tuple[Fact, ...](), None
        if turn.question:
            answered = answer_question(turn.question, self.target, self.catalog, self.card.known)
            parts, known = [answered.text], answered.told
        if self._wrong and self._turns >= CHANGES_AT:
            refused, self._wrong = self._wrong, None
            parts.append(f"On second thoughts: {self.dice.choice(refused.refuses)}.")
        elif refused := self._near_miss(shown):
            parts.append(f"{_capital(self.dice.choice(refused.refuses))}.")
        told = () if known else self._tell(self.persona.each)
        if told:
            parts.append(self._in_words(self.persona.further, [fact.said for fact in told], told))
        self._refused |= {refused} if refused else set()
        return self._say(parts, (*known, *told), refused)

    def _near_miss(self, shown: Sequence[Item]) -> Wish | None:
        """What several of the items shown are like and the one in mind is not."""
        if self.dice.random() >= self.persona.excludes:
            return None
        common = {
            wish: sum(wish.holds_of(item) for item in shown)
            for wish in self.card.refusable
            if wish not in self._refused
        }
        worst = max(common, key=lambda wish: common[wish], default=None)
        return worst if worst and common[worst] >= MIN_SHARE_IT else None

    def _tell(self, most: int) -> tuple[Fact, ...]:
        told, self._left = self._left[:most], self._left[most:]
        return tuple(told)

    def _in_words(self, forms: Sequence[str], wanted: Sequence[str], told: Sequence[Fact]) -> str:
        if not wanted:
            return ""
        if told and all(fact.sort is Sort.SPAN for fact in told):
            return f"It could be {told[0].said}."
        return self.dice.choice(forms).format(join_and(list(wanted)))

    def _say(self, parts: Sequence[str], told: Sequence[Fact], refused: Wish | None = None) -> Said:
        text = " ".join(part for part in parts if part)
        if not text or self.audit.leaks(text, self._secrets):
            return Said(SOMETHING_ELSE)
        stated: list[Condition] = [fact.condition for fact in told if fact.condition]
        stated += [refused.refusal] if refused else []
        return Said(text, tuple(told), tuple(stated))


def _capital(clause: str) -> str:
    return f"{clause[0].upper()}{clause[1:]}"


@dataclass
class ImpatientUser:
    """Anybody who leaves when suggestions stay far from what they told.

    Attributes:
        inner: who talks.
        card: what the facts that they tell mean.
    """

    inner: SimulatedUser
    card: EverydayCard
    patience: int
    catalog: Catalog
    _told: list[Wish] = field(default_factory=list)
    _annoyed: int = 0

    def opening(self) -> Said:
        """The first message."""
        return self._heard(self.inner.opening())

    def answer(self, turn: AgentTurn) -> Said:
        """The next message, or a farewell."""
        shown = [self.catalog[item_id] for item_id in turn.items if item_id in self.catalog]
        self._annoyed = 0 if any(map(self._is_near, shown)) else self._annoyed + 1
        if self._annoyed > self.patience:
            return Said(FAREWELL, leaves=True)
        return self._heard(self.inner.answer(turn))

    def _is_near(self, item: Item) -> bool:
        met = sum(wish.holds_of(item) for wish in self._told)
        return met >= NEAR * len(self._told)

    def _heard(self, said: Said) -> Said:
        self._told += [self.card.wishes[fact.key] for fact in said.told if fact.key in self.card.wishes]
        return said
