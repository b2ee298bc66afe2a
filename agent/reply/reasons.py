"""Reasons made from facts alone: first what was asked for, then what ties an item to the person, then what it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from posixpath import commonprefix

from tastemaker.agent.events import Citation
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.reply.citations import borne_out, cite_values
from tastemaker.agent.reply.evidence import Evidence, Fact
from tastemaker.agent.reply.lead_in import said_once
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import descriptive_values, label_fields, name_attributes
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.facets.definition import FacetSet
from tastemaker.retrieval.text.joined import join_and
from tastemaker.retrieval.text.tokens import singular
from tastemaker.retrieval.titles.same_titles import telling_attributes

MAX_FACTS, MAX_ASKED, MAX_SAID = 2, 2, 1
"""Facts of a reason; of these, such as were asked for; and reasons of one list that may say the same."""
MAX_TOPICS = 2
"""Topics of a reason that were not asked for come only where it has fewer than these."""
MAX_BRIEF_TAGS = 6
MIN_STEM = 5
"""Letters that two forms of a word have in common."""
_TIED = re.compile(r", (?:as in|like) ")
"""Behind what an item shares with one that the person likes."""
_ROUGH = re.compile(r"about \d")
"""An amount that is said to be rough needs no "probably"."""
NO_REASON = "It fits what you asked for."

Reason = tuple[str, tuple[Citation, ...]]


class Reasons:
    """Writes a sentence per item out of catalogue fields and the profile; never anything else."""

    def __init__(self, catalog: Catalog, facets: FacetSet | None = None) -> None:
        self._catalog = catalog
        self.evidence = Evidence(catalog, facets)
        self._labels = label_fields(catalog)
        self._people = name_attributes(catalog)
        self._texts = list(catalog.schema.of_kind(Kind.TEXT))

    def cite(self, item: Item, profile: TasteProfile) -> Reason:
        """The reason for a single item, and what it cites."""
        return self._reason(self._chosen(item, profile, Counter(), frozenset()))

    def for_list(self, items: Sequence[Item], profile: TasteProfile) -> list[Reason]:
        """A reason for each item of a list, as different from each other as the facts allow.

        What holds for all of them in the same words is for the lead-in to say, once.
        """
        lead = said_once(items, profile, self.evidence)
        said = Counter[str]()
        telling = telling_attributes(items, self._catalog)
        reasons = []
        for item in items:
            facts = self._chosen(item, profile, said, lead)
            if apart := _new(self._apart(item, telling[item.id]), facts):
                facts = [*apart, *(fact for fact in facts if not fact.is_label)]
            said.update(fact.text for fact in facts)
            reasons.append(self._reason(facts))
        return reasons

    def _apart(self, item: Item, names: Sequence[str]) -> list[Fact]:
        """What tells an item from others of its title in the same list: "at St. Anna", "in Hamburg"."""
        held = {name: item.attributes[name] for name in names if name in item.attributes}
        values = {name: value[0] if isinstance(value, tuple) else value for name, value in held.items()}
        told = ((name, value, self.evidence.phrases.of(name, value)) for name, value in values.items())
        return [
            Fact(text, cite_values(item.id, name, [str(value)]) if str(value) in text else ())
            for name, value, text in told
            if text
        ]

    def offered(self, items: Sequence[Item], profile: TasteProfile, most: int) -> list[list[Fact]]:
        """The facts that a reason for each item of a list may be made of, the likeliest first."""
        lead = said_once(items, profile, self.evidence)
        found = []
        for item in items:
            known = {item.id, *profile.taste(), *profile.request.like}
            facts = chain(
                self.evidence.asked(item, profile),
                self.evidence.wished(item, profile),
                self.evidence.shared(item, profile),
                self.evidence.own(item),
            )
            kept = (f for f in facts if f.text not in lead and borne_out(f.clause, self._catalog, known))
            found.append(list(_first({fact.text: fact for fact in kept}.values(), most)))
        return found

    def of_facts(self, facts: Sequence[Fact]) -> Reason:
        """The reason that some facts make."""
        return self._reason(_without_doubles(facts))

    def _reason(self, facts: Sequence[Fact]) -> Reason:
        return _sentence(facts), tuple(cite for fact in facts for cite in fact.cites)

    def brief(self, item: Item) -> str:
        """Labels, some tags and the description on one line: what a prompt needs to say why."""
        tags = [v.lower() for name in self._labels for v in as_tags(item.attributes.get(name))]
        values = descriptive_values(item, self._catalog, [*self._people, *self._labels])[:MAX_BRIEF_TAGS]
        texts = [str(item.attributes[n]) for n in self._texts if n in item.attributes]
        return ". ".join(
            part for part in ("; ".join(filter(None, (", ".join(tags), ", ".join(values)))), *texts) if part
        )

    def _chosen(
        self, item: Item, profile: TasteProfile, said: Counter[str], lead: frozenset[str]
    ) -> list[Fact]:
        """The facts for one item, at most ``MAX_FACTS``, those first that the list has not heard yet."""
        known = {item.id, *profile.taste(), *profile.request.like}

        def fresh(facts: Iterable[Fact], most: int) -> list[Fact]:
            kept = (
                fact
                for fact in facts
                if fact.text not in lead
                and said[fact.text] < MAX_SAID
                and borne_out(fact.clause, self._catalog, known)
            )
            return list(_first(kept, most))

        chosen = _without_doubles(fresh(self.evidence.asked(item, profile), MAX_ASKED))
        chosen = _without_doubles([*chosen, *_new(fresh(self.evidence.wished(item, profile), 1), chosen)])
        if len(chosen) < MAX_FACTS:
            tied = fresh(self.evidence.shared(item, profile), 1)
            chosen = _without_doubles([*chosen, *_new(tied, chosen)])
        for fact in fresh(self.evidence.own(item), 2 * MAX_FACTS):
            if len(chosen) >= MAX_FACTS or (fact.is_label and any(one.topics for one in chosen)):
                break  # kind and year stand on the card, and say little beside what it is about
            topics = sum(len(one.topics) for one in chosen)
            if not (fact.topics and (topics >= MAX_TOPICS or any(one.sentence for one in chosen))):
                chosen += _new([fact], chosen)
        if not chosen:  # better said twice than nothing
            chosen = list(_first(self.evidence.own(item), 1))
        return _without_doubles(chosen[:MAX_FACTS])


def _without_doubles(facts: Sequence[Fact]) -> list[Fact]:
    """Facts without topics that another fact names, or names more closely: "dance" beside "dance school"."""
    kept, told = list[Fact](), list[str]()
    topics = [topic for fact in facts for topic in fact.topics]
    plain = " . ".join(fact.text for fact in facts if not fact.topics).casefold()
    tied = [fact.text.partition(", ")[0] for fact in facts if not fact.topics and _TIED.search(fact.text)]
    for fact in facts:
        own = tuple(
            topic
            for topic in fact.topics
            if not _is_double(topic.casefold(), topics, plain)
            and not any(_is_within(one, topic) for one in tied)
            and not _is_said(topic, told)
        )
        if own and own != fact.topics:
            text = join_and(own)
            cites = tuple(cite for cite in fact.cites if cite.value.casefold() in text.casefold())
            fact = replace(fact, text=text, cites=cites, topics=own)
        if own or not fact.topics:
            kept.append(fact)
    return kept


def _is_double(topic: str, topics: Sequence[str], plain: str) -> bool:
    longer = (other for other in map(str.casefold, topics) if other != topic)
    return f" {topic}" in f" {plain}" or any(f" {topic} " in f" {other} " for other in longer)


def _is_said(topic: str, told: list[str]) -> bool:
    """Whether a topic says the same as one before it, as "newspapers" does; if not, it is told from now on."""
    if any(_is_within(topic, other) or _is_within(other, topic) for other in told):
        return True
    told.append(topic)
    return False


def _is_within(topic: str, other: str) -> bool:
    """Whether another topic has all words of a topic, in whatever form.

    >>> _is_within("nurse", "soldier and nurse"), _is_within("tyrannical nurse", "tyrant nurse")
    (True, True)
    >>> _is_within("art", "heart")
    False
    """
    own, others = topic.casefold().split(), other.casefold().replace("-", " ").split()
    return bool(own) and all(any(_is_same_word(word, one) for one in others) for word in own)


def _is_same_word(word: str, other: str) -> bool:
    """Whether two words are forms of one: the same but for an ending of at most half of the longer one."""
    if singular(word) == singular(other):
        return True
    alike = len(commonprefix([word, other]))
    return alike >= MIN_STEM and 2 * alike >= max(len(word), len(other))


def _first(facts: Iterable[Fact], most: int) -> Iterable[Fact]:
    return (fact for _, fact in zip(range(most), facts, strict=False))


def _new(facts: Sequence[Fact], chosen: Sequence[Fact]) -> list[Fact]:
    """Facts that say nothing which another one says already."""
    heard = " ".join(
        chain.from_iterable(fact.text.casefold().replace(",", "").split() for fact in chosen)
    ).split()
    return [
        fact for fact in facts if not set(fact.text.casefold().replace(",", "").split()) <= {*heard, "and"}
    ]


def _sentence(facts: Sequence[Fact]) -> str:
    """Facts as a sentence, what is guessed said to be so once; texts of the item follow as they are.

    First what is judged of it, then what ties it to the person, then what it is about.
    """
    plain = [fact for fact in facts if not fact.sentence and not fact.topics]
    guessed = sorted((fact.text for fact in plain if not fact.stated), key=_has)
    stated = [fact.text for fact in plain if fact.stated]
    about = join_and(list(dict.fromkeys(topic for fact in facts for topic in fact.topics)))
    first = join_and(guessed)
    if first and not all(_ROUGH.match(text) for text in guessed):
        first = f"probably {first}"
    words = [text for text in stated if text.count(" ") <= 1]
    longer = [text for text in stated if text not in words]
    text = "; ".join(filter(None, (first, join_and(words), *longer, about)))
    parts = [text, *(fact.text for fact in facts if fact.sentence)]
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts if part) or NO_REASON


def _has(text: str) -> bool:
    return text.startswith(("with ", "without "))


def display_values(value: object) -> Iterable[object]:
    """A value as the sequence of things to print."""
    return value if isinstance(value, tuple) else (value,)
