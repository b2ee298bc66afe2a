"""A simulated user by rules: tells facts of its card, says what fits and what does not, answers questions."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tastemaker.agent.nlu.tokenizer import words
from tastemaker.evals.simulation.leak_audit import LeakAudit
from tastemaker.evals.simulation.personas import Persona
from tastemaker.evals.simulation.question_answers import answer_question
from tastemaker.evals.simulation.target_card import Fact, Sort, TargetCard, vague_first
from tastemaker.evals.simulation.user import SOMETHING_ELSE, AgentTurn, Said
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.filters.conditions import Constraint, Op
from tastemaker.retrieval.filters.constraints import satisfies
from tastemaker.retrieval.text.joined import join_and

N_FREQUENT_LABELS = 8
"""A change of mind begins with one of this many frequent labels."""

SAYS_WHAT_IS_WRONG = 0.5
"""How often somebody who is not contrary names what they do not want."""

MIN_WITH_LABEL = 2
"""Items shown that have a label before somebody complains of it."""


_PERIOD = re.compile(r"\d+s$|\d+\w\w century")


@dataclass
class RulesUser:
    """One person in one conversation; equal ``random`` states give equal conversations.

    Attributes:
        target: the item in mind; only its card and its labels are looked at.
        card: what may be said of it.
        other_words: gives a phrase in other words, or None.
    """

    target: Item
    card: TargetCard
    persona: Persona
    catalog: Catalog
    audit: LeakAudit
    random: random.Random
    other_words: Callable[[str], str | None] = lambda _: None
    _left: list[Fact] = field(default_factory=list)
    _refused: set[str] = field(default_factory=set)
    _wrong: Constraint | None = None
    _turns: int = 0
    _spans_told: set[str] = field(default_factory=set)
    _stated: list[Constraint] = field(default_factory=list)
    _labels: list[Fact] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._secrets = self.audit.secrets(self.target)
        self._left = [fact for fact in vague_first(self.card, self.random) if self._can_say(fact)]

    def opening(self) -> Said:
        """The first message."""
        told = self._tell(self.persona.opening)
        if self.persona.changes_mind and self.card.not_labels:
            name, value = self.random.choice(self.card.not_labels[:N_FREQUENT_LABELS])
            self._wrong = Constraint(field=name, op=Op.IS, value=value)
            self._left = [*(fact for fact in told if fact.sort is Sort.LABEL), *self._left]
            told = [fact for fact in told if fact.sort is not Sort.LABEL]
            wrong = Fact(name, Sort.LABEL, value.lower(), self._wrong)
            return self._utterance(self.persona.openings, [wrong, *told], stated=[self._wrong])
        return self._utterance(self.persona.openings, told)

    def answer(self, turn: AgentTurn) -> Said:
        """The next message, after a reply without the item."""
        self._turns += 1
        shown = [self.catalog[item_id] for item_id in turn.items]
        if turn.question:
            return self._answer_question(turn)
        if self._wrong:
            wrong, self._wrong = self._wrong, None
            told = self._tell(self.persona.each)
            change = f"Actually, forget {str(wrong.value).lower()}."
            said = self._utterance([f"{change} {one}" for one in self.persona.further], told)
            return Said(said.text, said.told, said.stated, (wrong,))
        parts = [self._closer(shown)] if self.persona.comments else []
        self._recall_spans(shown)
        stated = self._worse(shown)
        if stated:
            word = str(stated.value).lower()
            parts.append(self.random.choice(self.persona.worse).format(word, word))
        grudging = self.persona.contrary and stated and self._turns % 2
        told = [] if grudging else self._tell(self.persona.each)
        return self._utterance(
            self.persona.further,
            told,
            before=[part for part in parts if part],
            stated=[stated] if stated else [],
        )

    def _answer_question(self, turn: AgentTurn) -> Said:
        unasked = sorted(self._numbers_held_to(turn) - self._spans_told)
        if unasked and not turn.items:
            return Said(f"Forget the {unasked[0].replace('_', ' ')}, I said nothing of it.")
        answer = answer_question(turn.question, self.target, self.catalog, self.card.facts)
        self._left = [fact for fact in self._left if fact not in answer.told]
        gone = tuple(c for c in self._stated if c.field in answer.dropped)
        self._stated = [c for c in self._stated if c not in gone]
        told = [] if answer.told else self._tell(self.persona.each)
        said = self._utterance(self.persona.further, told, before=[answer.text])
        extra = tuple(fact.condition for fact in answer.told if fact.condition)
        self._stated += extra
        return Said(said.text, (*answer.told, *said.told), (*extra, *said.stated), gone)

    def _numbers_held_to(self, turn: AgentTurn) -> set[str]:
        """Number attributes that a reply without items names: what it thinks it was asked to keep to."""
        said = {word.norm for word in words(turn.text)}
        return {name for name in self.catalog.schema.of_kind(Kind.NUMBER) if name.casefold() in said}

    def _tell(self, most: int) -> list[Fact]:
        told, self._left = self._left[:most], self._left[most:]
        self._spans_told |= {fact.field for fact in told if fact.sort is Sort.SPAN}
        return told

    def _recall_spans(self, shown: Sequence[Item]) -> None:
        """Where nothing shown is of the right time, that is what to say next, again if need be."""
        wrong = [
            fact
            for fact in self.card.of_sort(Sort.SPAN)
            if shown and fact.condition and not any(satisfies(item, fact.condition) for item in shown)
        ]
        self._left = [*wrong, *(fact for fact in self._left if fact not in wrong)]

    def _closer(self, shown: Sequence[Item]) -> str:
        """What the item that comes closest has in common with the one in mind."""
        common = {number: self._common(item) for number, item in enumerate(shown, 1)}
        number = max(common, key=lambda n: len(common[n]), default=0)
        if not number or len(common[number]) < 2 or self.random.random() < 1 / 2:
            return ""
        return self.random.choice(self.persona.closer).format(
            number=number, fits=join_and(common[number][:2])
        )

    def _common(self, item: Item) -> list[str]:
        own = [(f.field, f.said) for f in self.card.of_sort(Sort.LABEL, Sort.TAG)]
        return [said for name, said in own if said in _lower(as_tags(item.attributes.get(name)))]

    def _worse(self, shown: Sequence[Item]) -> Constraint | None:
        """A label that several of the items shown have and the one in mind has not."""
        if not self.persona.contrary and self.random.random() > SAYS_WHAT_IS_WRONG:
            return None
        for name, value in self.card.not_labels:
            having = sum(value in as_tags(item.attributes.get(name)) for item in shown)
            if having >= MIN_WITH_LABEL and value not in self._refused:
                self._refused.add(value)
                return Constraint(field=name, op=Op.IS_NOT, value=value)
        return None

    def _utterance(
        self,
        forms: Sequence[str],
        told: Sequence[Fact],
        before: Sequence[str] = (),
        stated: Sequence[Constraint] = (),
    ) -> Said:
        """The first wording that gives nothing away; conditions count only where the words were said."""
        conditions = (*stated, *(fact.condition for fact in told if fact.condition))
        query_text = self._in_words(told)
        for form in self.random.sample(forms, len(forms)):
            glue = ", " if self.persona.bare else " "
            text = glue.join([*before, *([form.format(query_text)] if query_text else [])]).strip()
            if text and not self.audit.leaks(text, self._secrets):
                self._stated += conditions
                return Said(text, tuple(told), tuple(dict.fromkeys(conditions)))
        return Said(SOMETHING_ELSE)

    def _in_words(self, told: Sequence[Fact]) -> str:
        """Facts as one phrase: "some drama from the 1990s about storm chasers".

        A further label is said together with the earlier ones: alone it would take their place.
        """
        fresh = [f for f in told if f.sort is Sort.LABEL]
        self._labels += [f for f in fresh if f.condition != self._wrong]
        labels = [f.said for f in dict.fromkeys((*(self._labels if fresh else ()), *fresh))]
        if self.persona.bare:
            return ", ".join(
                [join_and(labels), *(self._reword(f) for f in told if f.sort is not Sort.LABEL)][not labels :]
            )
        tales = [self._reword(f) for f in told if f.sort in (Sort.TAG, Sort.STORY)]
        spans = [f.said for f in told if f.sort is Sort.SPAN]
        if not told:
            return ""
        kind = f"some {join_and(labels)}" if labels else "something"
        periods = [f"set in the {tale}" for tale in tales if _PERIOD.match(tale)]
        others = [tale for tale in tales if not _PERIOD.match(tale)]
        about = [f"about {join_and(others)}"] if others else []
        return " ".join([kind, *spans, *about, *periods])

    def _can_say(self, fact: Fact) -> bool:
        """Whether there are words for a fact: some have only other words for tags, and none for a story."""
        if not self.persona.other_words or fact.sort in (Sort.LABEL, Sort.SPAN):
            return True
        return fact.sort is Sort.TAG and self._otherwise(fact) is not None

    def _reword(self, fact: Fact) -> str:
        return (self._otherwise(fact) if self.persona.other_words else None) or fact.said

    def _otherwise(self, fact: Fact) -> str | None:
        """A tag in other words; none where they would name a label that the item has not."""
        other = self.other_words(fact.said)
        wrong = {value.lower() for _, value in self.card.not_labels}
        return None if other is None or wrong & set(other.split()) else other


def _lower(values: Iterable[str]) -> list[str]:
    return [value.lower() for value in values]
