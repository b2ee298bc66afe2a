"""Answers to questions about the list shown, from the items' values: a sentence, and no other list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from tastemaker.agent.events import Card
from tastemaker.agent.nlu.rules.acts.list_questions import NEWEST, OLDEST, ListAsk, ListQuestion
from tastemaker.agent.nlu.rules.acts.people_asked import find_people_fields
from tastemaker.agent.nlu.rules.numeric_constraints import read_years, year_field
from tastemaker.agent.nlu.rules.stated_conditions import constraints_of, read_conditions
from tastemaker.agent.reply.absences import not_known
from tastemaker.agent.reply.degrees import Extreme, extreme_of
from tastemaker.agent.reply.evidence import Evidence, holds
from tastemaker.agent.reply.field_answers import HEDGE
from tastemaker.agent.reply.lead_in import of_unknown
from tastemaker.agent.reply.shared_traits import tell_common_traits
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.schema import EVERY, Kind, Provenance
from tastemaker.retrieval.facets.matching import FacetMatcher
from tastemaker.retrieval.filters.conditions import Condition, Constraint, Op, any_of, leaves
from tastemaker.retrieval.filters.constraints import NEGATIVE, mask
from tastemaker.retrieval.text.joined import join_and, number_in_words, predicate

MAX_NAMED = 3
"""Items of one sentence that are named; of more it gives the number and the others."""
MANY_WORKS = 5
"""Items of a catalogue that a person is in who is famous, as far as it can tell."""
MAX_PEOPLE = 4
RATINGS = ("rating_mean", "rating", "stars", "score")
NOTHING_SHOWN = "I have shown you nothing yet. Tell me what you are in the mood for."
NOT_KNOWN = "I don't know that of these: this catalogue does not say."
NONE_KNOWN = "None of them, as far as this catalogue says; it does not tell everything that is in them."
LEVEL = "They are level there, as far as I can tell."
_FAMOUS = re.compile(
    r"\b(?:any(?:one|body) (?:famous|(?:well[- ])?known|big|i(?:'d| would| might)? know)|big (?:names?|"
    r"stars?)|"
    r"(?:famous|well[- ]known|big|known) (?:actors?|actress(?:es)?|stars?|people|names?|faces?|cast))\b",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"^(?:is|are|was|were|has|have|had|do|does|did|star)(?:n['’]?t| not)\s+(?:have |has |got |star )?",
    re.IGNORECASE,
)
_LED_BY_WOMAN = re.compile(
    r"\b(?:wom[ae]n|girls?|females?|lad(?:y|ies)|heroines?)\b[\w\s'-]{0,20}?\b(?:lead(?:s|ing)?|main|"
    r"in charge|at the (?:heart|centre|center)|protagonist|"
    r"hero(?:ine)?s?|boss)\b(?: (?:the|a) [\w-]+)?|\b(?:led|headed|carried) by (?:a )?(?:wom[ae]n|"
    r"girls?)\b|\b(?:female|woman) (?:lead|protagonist|hero|boss)\b",
    re.IGNORECASE,
)
WOMEN = ("woman", "girl")
_EXTREME = re.compile(r"\b(\w{3,})(?:est|er)\b", re.IGNORECASE)


class ListAnswers:
    """Answers questions about lists of one catalogue's items."""

    def __init__(
        self,
        catalog: Catalog,
        evidence: Evidence,
        matcher: FacetMatcher | None,
        values_in: Callable[[str], Sequence[tuple[Constraint, int, int]]],
    ) -> None:
        self._values_in = values_in
        self._catalog = catalog
        self._evidence = evidence
        self._matcher = matcher

    def answer(self, question: ListQuestion, cards: Sequence[Card]) -> str:
        """The answer, where it is not known in words that say so."""
        items = [self._catalog[card.id] for card in cards if card.id in self._catalog]
        if not items:
            return NOTHING_SHOWN
        if question.ask is ListAsk.START:
            return _start(items[0], cards[0].reason)
        if question.ask is ListAsk.BEST:
            return self._best(items, cards[0].reason)
        if question.ask is ListAsk.WORST:
            return self._worst(items)
        if question.ask is ListAsk.SHARED:
            return tell_common_traits(question.about, items, self._catalog, self._evidence)
        if question.about in (OLDEST, NEWEST):
            return self._by_age(items, newest=question.about == NEWEST)
        if _FAMOUS.search(question.about):
            return self._famous(items)
        without = _WITHOUT.match(question.about)
        about = question.about[without.end() :] if without else question.about
        asked = self._conditions(about, names=question.ask is ListAsk.WHICH)
        if asked and without:
            return self._which_not(items, asked)
        if not asked and question.ask is ListAsk.FOR:
            return _start(items[0], cards[0].reason)
        if not asked:
            return " ".join(of_unknown(self._unknown(question.about))) or NOT_KNOWN
        if question.ask is ListAsk.WHICH:
            return self._which(items, asked)
        if question.ask is ListAsk.FOR:
            told = self._most(items, asked)
            return told if told not in (NOT_KNOWN, LEVEL) else _start(items[0], cards[0].reason)
        by_amount = any(
            self._is_amount(leaf.field) for group in asked for one in group for leaf in leaves(one)
        )
        return self._most(items, asked, least=question.ask is ListAsk.LEAST, bounded=not by_amount)

    def _conditions(self, about: str, *, names: bool) -> list[list[Condition]]:
        """What a property means in this catalogue: for each of its parts the conditions that would do."""
        groups: dict[tuple[int, int], list[Condition]] = {}
        plain = _EXTREME.sub(self._positive, about)
        if self._matcher:
            for match in self._matcher.read(plain, wishes=False).matches:
                groups.setdefault(match.span, []).append(match.condition)
                if match.polarity > 0 and self._evidence.phrases.is_topic(match.field):
                    groups[match.span] += self._tagged(match.words)
        stated = read_conditions(about, self._catalog, date.today())
        people = find_people_fields(self._catalog)
        values = self._values_in(plain) if names else ()  # "the shortest" is nobody's name
        said = [*values, *constraints_of(stated), *read_years(about, self._catalog, stated)]
        if "lead" in self._catalog.schema and (led := _LED_BY_WOMAN.search(about)):
            said.append((Constraint(field="lead", op=Op.ANY_OF, value=WOMEN), *led.span()))
        for condition, start, end in said:
            if condition.field in people:  # who is named is no topic of the same words
                groups = {
                    span: one for span, one in groups.items() if not (span[0] < end and start < span[1])
                }
            over = next((span for span in groups if span[0] < end and start < span[1]), (start, end))
            groups.setdefault(over, []).append(condition)
        return list(groups.values())

    def _tagged(self, words: str) -> list[Constraint]:
        """The tags that are called as some words are, of every attribute: songs are what a film has, and its theme."""
        tags = self._catalog.schema.of_kind(Kind.TAGS, provenance=EVERY)
        return [
            Constraint(field=name, op=Op.ANY_OF, value=(words.casefold(),))
            for name in tags
            if words.casefold() in self._catalog.postings(name)
        ]

    def _positive(self, extreme: re.Match[str]) -> str:
        """The adjective of a superlative or comparative that the facets know, or the word as it stands."""
        stem = extreme[1].casefold()
        shorter = stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else ""
        forms = (f"{stem[:-1]}y" if stem.endswith("i") else "", stem, f"{stem}e", shorter)
        return next((form for form in forms if form and self._knows(form)), extreme[0])

    def _knows(self, word: str) -> bool:
        return self._matcher is not None and bool(self._matcher.read(word).matches)

    def _unknown(self, about: str) -> list[str]:
        found = self._matcher.read(about, wishes=False).unknown if self._matcher else ()
        return list(dict.fromkeys(one.what for one in found))

    def _which(self, items: Sequence[Item], asked: Sequence[Sequence[Condition]]) -> str:
        """Which of the items have a property."""
        held = [self._shows_all(item, asked) for item in items]
        if all(one is None for one in held):
            return NOT_KNOWN
        have = [item for item, one in zip(items, held, strict=True) if one]
        unknown = [item for item, one in zip(items, held, strict=True) if one is None]
        hedge = f", {HEDGE}" if self._is_judged(asked) else ""
        deniable = all(map(self._can_deny, asked))
        if not have:
            phrase = self._phrase(asked, items)
            if len(asked) > 1 and (parts := self._parts(items, asked)):
                return parts
            if unknown or not deniable:
                return NONE_KNOWN
            told = (
                f"None of them {phrase}{hedge}."
                if phrase and " no " not in phrase
                else f"None of them{hedge}."
            )
            return f"{told}{self._elsewhere(asked, items)}"
        if absent := self._absent(asked):
            return not_known(absent, len(have), join_and([item.title for item in have]))
        phrase = self._phrase(asked, have, plural=len(have) > 1)
        if len(have) == len(items):
            every = {1: "it", 2: "both"}.get(len(items), f"all {number_in_words(len(items))}")
            return f"{every[0].upper()}{every[1:]} {phrase or 'would do'}{hedge}."
        names = join_and([item.title for item in have])
        if len(have) == len(items) - 1 and len(have) > 1:
            left = next(item for item in items if item not in have)
            return f"All but {left.title} {phrase or 'would do'}{hedge}."
        rest = len(items) - len(have)
        others = (
            "" if unknown or not deniable else f" I would not say so of the other{'s' if rest > 1 else ''}."
        )
        return f"{names} {phrase or 'would do'}{hedge}.{others}"

    def _elsewhere(self, asked: Sequence[Sequence[Condition]], items: Sequence[Item]) -> str:
        """What else of the catalogue is by or with the person asked for, the best known first; "" where none was."""
        people, kind = find_people_fields(self._catalog), self._evidence.item
        if len(asked) != 1 or not all(leaf.field in people for one in asked[0] for leaf in leaves(one)):
            return ""
        known = self._catalog.schema.of_kind(Kind.NUMBER, provenance=EVERY)
        by = next((name for name in ("popularity", "known") if name in known), "")
        rows = mask(self._catalog, [any_of(list(asked[0]))]).nonzero()[0]
        found = [item for row in rows if (item := self._catalog.at(int(row))) not in items]
        found.sort(key=lambda item: -float(str(item.attributes.get(by) or 0)))
        titles = join_and([item.title for item in found[:MAX_NAMED]])
        return (
            f" Another {kind} here would be {titles}."
            if len(found) == 1
            else f" Other {kind}s here: {titles}."
            if found
            else ""
        )

    def _which_not(self, items: Sequence[Item], asked: Sequence[Sequence[Condition]]) -> str:
        """Which of the items lack a property."""
        held = [self._shows_all(item, asked) for item in items]
        lack = [item for item, one in zip(items, held, strict=True) if one is False]
        have = [item for item, one in zip(items, held, strict=True) if one]
        phrase = self._phrase(asked, have or items, plural=len(have) != 1)
        if not lack:
            return (
                f"None, {HEDGE}: they all {phrase or 'are'}."
                if have and len(have) == len(items)
                else NOT_KNOWN
            )
        if not have:
            return f"All of them, {HEDGE}."
        others = f"; {'the others' if len(have) > 1 else have[0].title} {phrase}" if phrase else ""
        return f"{join_and([item.title for item in lack])}, {HEDGE}{others}."

    def _parts(self, items: Sequence[Item], asked: Sequence[Sequence[Condition]]) -> str:
        """Which of the items have a part of what is asked for, where none has all of it; "" where none has any."""
        told = list[str]()
        for group in asked:
            have = [item for item in items if self._shows_all(item, [group])]
            if have and (phrase := self._phrase([group], have, plural=len(have) > 1)):
                told.append(f"{join_and([item.title for item in have[:MAX_NAMED]])} {phrase}")
        return (
            f"None of them is told to be all of that. As far as the catalogue says, {'; '.join(told)}."
            if told
            else ""
        )

    def _by_age(self, items: Sequence[Item], *, newest: bool) -> str:
        """Which of the items is the oldest, or the newest, with its year."""
        name = year_field(self._catalog)
        years = {
            item.id: int(year)
            for item in items
            if isinstance(year := item.attributes.get(name or ""), int | float)
        }
        if not years:
            return NOT_KNOWN
        end = max(years.values()) if newest else min(years.values())
        first = [item for item in items if years.get(item.id) == end]
        if len(first) == len(items):
            return LEVEL
        return f"{join_and([item.title for item in first])}: {'they are' if len(first) > 1 else 'it is'} from {end}."

    def _most(
        self,
        items: Sequence[Item],
        asked: Sequence[Sequence[Condition]],
        *,
        least: bool = False,
        bounded: bool = True,
    ) -> str:
        """Which of the items have most of a property, or least; if ``bounded`` it says where even they have little."""
        flat = [condition for group in asked for condition in group]
        found = extreme_of(items, flat, self._catalog, least=least)
        if found is None:
            return NOT_KNOWN
        if found.level:
            return LEVEL
        first = found.items[0]
        plural = len(found.items) > 1
        held = all(self._shows_all(item, asked) for item in found.items)
        names = join_and([item.title for item in found.items[:MAX_NAMED]])
        own = self._own(found, flat)
        told = f": {'they' if plural else 'it'} {predicate(own, plural=plural)}" if own else ""
        phrase = self._phrase(asked, [first])
        if bounded and not least and not held and phrase:
            nearest = f"{names} {'come' if plural else 'comes'} nearest"
            going_by = "" if found.known else "going by the rest, "
            return f"I would not say that any of them {phrase}; {going_by}{nearest}{told}, {HEDGE}."
        return f"{names}, {HEDGE}{told}."

    def _own(self, found: Extreme, asked: Sequence[Condition]) -> list[str]:
        """What the items have of a quality, in phrases that hold for all of them."""
        per_item = [self._own_of(item, asked) for item in found.items]
        return [phrase for phrase in per_item[0] if all(phrase in other for other in per_item[1:])]

    def _own_of(self, item: Item, asked: Sequence[Condition]) -> list[str]:
        phrases = list[str]()
        for leaf in (leaf for one in asked for leaf in leaves(one)):
            value = item.attributes.get(leaf.field)
            if isinstance(value, int | float):
                phrases.append(self._evidence.phrases.of(leaf.field, value))
            elif holds(item, leaf):
                phrases += [fact.text for fact in self._evidence.meets(item, leaf)]
        kept = list(dict.fromkeys(filter(None, phrases)))
        return [one for one in kept if not any(one != other and one in other for other in kept)]

    def _phrase(
        self, asked: Sequence[Sequence[Condition]], items: Sequence[Item], *, plural: bool = False
    ) -> str:
        """A property as what items are: "are funny"; "" where there are no words for it."""
        parts = list[str]()
        for group in asked:
            met = [one for one in group if all(holds(item, one) for item in items)] or list(group)
            parts.append(next(filter(None, (self._evidence.phrases.of_condition(one) for one in met)), ""))
        parts = list(dict.fromkeys(filter(None, parts)))
        return predicate(parts, plural=plural) if parts else ""

    def _shows_all(self, item: Item, asked: Sequence[Sequence[Condition]]) -> bool | None:
        """Whether an item meets one condition of each group; None where that is not known."""
        found = list[bool | None]()
        for group in asked:
            each = [self._evidence.shows(item, one) for one in group]
            found.append(True if True in each else False if False in each else None)
        if False in found:
            return False
        return None if None in found else True

    def _can_deny(self, group: Sequence[Condition]) -> bool:
        """Whether items that meet none of the conditions of the same words can be said not to be so."""
        listed = (leaf.field for one in group for leaf in leaves(one))
        in_part = any(map(self._evidence.doubts.is_listed_in_part, listed))
        return not in_part and any(map(self._evidence.can_deny, group))

    def _absent(self, asked: Sequence[Sequence[Condition]]) -> list[str]:
        """Phrases for what items should not have, where nothing else is asked and what is in them is listed in part."""
        parts = [leaf for group in asked for one in group for leaf in leaves(one)]
        if not all(leaf.op in NEGATIVE for leaf in parts):
            return []
        listed = [leaf for leaf in parts if self._evidence.doubts.is_listed_in_part(leaf.field)]
        return list(dict.fromkeys(filter(None, map(self._evidence.phrases.of_excluded, listed))))

    def _is_amount(self, name: str) -> bool:
        """Whether an attribute is an amount that is more or less whatever it is, as a running time."""
        attribute = self._catalog.schema[name]
        return attribute.kind in (Kind.NUMBER, Kind.DATE) and not attribute.levels and not attribute.phrase

    def _is_judged(self, asked: Sequence[Sequence[Condition]]) -> bool:
        schema = self._catalog.schema
        return any(
            schema[leaf.field].provenance is Provenance.INFERRED
            for group in asked
            for one in group
            for leaf in leaves(one)
        )

    def _best(self, items: Sequence[Item], reason: str) -> str:
        """The item that people rate highest, or the first in rank where nothing is known of ratings."""
        numbers = self._catalog.schema.of_kind(Kind.NUMBER, provenance=EVERY)
        name = next((one for one in RATINGS if one in numbers), "")
        rated = [item for item in items if isinstance(item.attributes.get(name), int | float)]
        if not rated:
            return _start(items[0], reason)
        top = max(rated, key=lambda item: float(str(item.attributes[name])))
        if top is items[0]:
            return f"{top.title}: it is rated highest of these, and fits what you asked for best."
        return f"{top.title} is rated highest of these; {items[0].title} fits what you asked for best."

    def _worst(self, items: Sequence[Item]) -> str:
        """The item that people rate lowest."""
        numbers = self._catalog.schema.of_kind(Kind.NUMBER, provenance=EVERY)
        name = next((one for one in RATINGS if one in numbers), "")
        rated = [item for item in items if isinstance(item.attributes.get(name), int | float)]
        if not rated:
            return NOT_KNOWN
        return f"{min(rated, key=lambda item: float(str(item.attributes[name]))).title} is rated lowest of these."

    def _famous(self, items: Sequence[Item]) -> str:
        """Who of the people in the items is in many of the catalogue's: all that it can tell of fame."""
        people = find_people_fields(self._catalog)
        cast = next((one for one in people if one in ("cast", "actor", "star")), "")
        if not cast:
            return NOT_KNOWN
        counts = Counter(
            {
                value: len(rows) for value, rows in self._catalog.postings(cast).items()
            }  # keys in small letters
        )
        kind = f"{self._evidence.item}s"
        known = [
            (
                item,
                [one for one in as_tags(item.attributes.get(cast)) if counts[one.casefold()] >= MANY_WORKS],
            )
            for item in items
        ]
        told = [f"{item.title} has {join_and(names[:MAX_PEOPLE])}" for item, names in known if names]
        if not told:
            return f"Nobody in them is in {number_in_words(MANY_WORKS)} or more of the {kind} here; more I can't tell."
        others = "; of the others I know nobody who is in many" if len(told) < len(items) else ""
        return f"Going by who is in {number_in_words(MANY_WORKS)} or more {kind} here: {'; '.join(told)}{others}."


def _start(item: Item, reason: str) -> str:
    return f"I would start with {item.title}, which fits what you asked for best{f': {reason}' if reason else '.'}"
