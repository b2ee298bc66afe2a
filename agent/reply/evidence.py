"""What can be said of an item for a person: what they asked for, what ties it to them, what it is of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tastemaker.agent.events import Citation
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Preference
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.agent.reply.citations import Clause, cite_values
from tastemaker.agent.reply.letter_case import LetterCase
from tastemaker.agent.reply.odd_titles import reads_as_order, sayable
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import label_fields, name_attributes
from tastemaker.retrieval.catalog.schema import EVERY, UNSTATED, Kind, Provenance
from tastemaker.retrieval.facets.definition import FacetSet
from tastemaker.retrieval.facets.doubts import Doubts
from tastemaker.retrieval.facets.value_phrases import ValuePhrases
from tastemaker.retrieval.filters.conditions import Condition, Constraint, Op, describe, leaves
from tastemaker.retrieval.filters.constraints import NEGATIVE, satisfies, turns_down
from tastemaker.retrieval.quantities.columns import is_year
from tastemaker.retrieval.text.common_words import is_everyday
from tastemaker.retrieval.text.joined import join_and, joined
from tastemaker.retrieval.text.tokens import singular

NO_NAME = "item"
"""What an item is called where no facets give it a name."""
MIN_WEIGHT = 0.25
"""A preference below this is too faint to be spoken of."""
MAX_VALUES = 2
MAX_LIKED = 12
"""Items of the person's taste, the latest, that an item is likened to."""
MAX_SHARE = 0.015
"""A topic that more items have ties nothing together and tells nothing of one."""
MAX_TEXT_CHARS = 180
MIN_NAME = 2
"""Letters that a value must have more of to make another one needless."""
MIN_TELLING = 2
"""Telling words of a wish that a text must have to be quoted for it."""

_EMPTY = re.compile(
    r"(?:(?:early|mid|late)[- ])?(?:1[89]|20)\d0s|obscure|unknown.*|unidentified|placeholder.*", re.IGNORECASE
)
"""Topics that tell nothing of an item: the years it is from, that nobody knows it."""


@dataclass(frozen=True)
class Fact:
    """One thing to say.

    Attributes:
        text: in words that go behind "something", or topics ("toys and friendship").
        cites: the fields it rests on.
        stated: whether the catalogue says so; it is inferred or computed otherwise.
        topics: what the item is about, where it only names that.
        sentence: whether it is a sentence of its own.
        is_label: whether it only says what kind of item it is.
    """

    text: str
    cites: tuple[Citation, ...] = ()
    stated: bool = True
    topics: tuple[str, ...] = ()
    sentence: bool = False
    is_label: bool = False

    @property
    def clause(self) -> Clause:
        """The same, to be checked."""
        return Clause(text=self.text, cites=self.cites)


class Evidence:
    """Finds facts about items of one catalogue. Safe to share between threads."""

    def __init__(self, catalog: Catalog, facets: FacetSet | None = None) -> None:
        self.catalog = self._catalog = catalog
        self._case = LetterCase(catalog)
        self.item = facets.item if facets else NO_NAME
        self.phrases = ValuePhrases(catalog.schema, facets, self._case.restored)
        self.doubts = Doubts(facets)
        tags = list(catalog.schema.of_kind(Kind.TAGS, Kind.CATEGORY))
        names = {*name_attributes(catalog), *filter(self.phrases.is_name, tags)}
        self._people = [name for name in tags if name in names]
        self._labels = [name for name in label_fields(catalog) if name not in self._people]
        topical = catalog.schema.of_kind(Kind.TAGS)
        stated = [name for name in topical if name not in (*self._labels, *self._people)]
        open_tags = catalog.schema.of_kind(Kind.TAGS, provenance=UNSTATED)
        self._plots = [name for name in open_tags if self.phrases.is_topic(name)]
        self._topics = stated or self._plots
        self._moods = [name for name in ("moods", "style", "tastes") if name in catalog.schema]
        self.levels = frozenset(a.name for a in catalog.schema.attributes if a.levels)
        self._opinions = {*self._moods, *self._plots, *self.levels}
        self._texts = list(catalog.schema.of_kind(Kind.TEXT))
        labelled = catalog.schema.of_kind(Kind.TAGS, Kind.CATEGORY, provenance=EVERY)
        self._labelled = frozenset(labelled) - {*self._topics, *self._plots}
        self._years = [name for name in catalog.schema.of_kind(Kind.NUMBER) if is_year(name, catalog)]

    def asked(self, item: Item, profile: TasteProfile) -> list[Fact]:
        """The item's own values by which it meets what is asked for, the most wanted first."""
        facts = [fact for wanted in wanted_of(profile) for fact in self.meets(item, wanted.condition)]
        return _without_repetition(facts)

    def shows(self, item: Item, condition: Condition) -> bool | None:
        """Whether it can be said that an item meets a condition; None where it is not known, or doubtful."""
        held = holds(item, condition)
        return None if held and self.doubts.is_doubtful(item, condition) else held

    def can_deny(self, condition: Condition) -> bool:
        """Whether items that are not known to meet a condition can be said not to."""
        names = [leaf.field for leaf in leaves(condition)]
        is_counted = any(self._catalog.schema[name].provenance is Provenance.COMPUTED for name in names)
        labels = not all(self._catalog.schema[name].kind is Kind.NUMBER for name in names)
        if is_counted and labels:
            return False  # that a log makes no hidden gem of it condemns no item
        return self.phrases.can_deny(condition, self._catalog) and all(map(self.doubts.can_lack, names))

    def meets(self, item: Item, condition: Condition) -> list[Fact]:
        """The item's own values by which it meets a condition."""
        found: list[Fact] = []
        if self.doubts.is_doubtful(item, condition):
            return found
        for name, value, phrase in self.phrases.met_by(item, condition)[:MAX_VALUES]:
            said = str(value)
            if reads_as_order(said):
                continue
            if self.phrases.is_topic(name) or name in self._topics:
                found.append(self._listed(item, name, [said]))
                continue
            if said in item.title:
                continue  # such as the year: everybody sees it
            cites = cite_values(item.id, name, [said]) if said.casefold() in phrase.casefold() else ()
            found.append(Fact(phrase, cites, self.is_plain(name)))
        return found

    def wished(self, item: Item, profile: TasteProfile) -> Iterator[Fact]:
        """Topics and sentences of the item that have the words of the last wish."""
        if not profile.wishes:
            return
        wished = {singular(w.norm) for w in words(profile.wishes[-1]) if w.norm not in STOPWORDS}
        for name in dict.fromkeys((*self._topics, *self._plots)):
            held = sayable(as_tags(item.attributes.get(name)))
            values = [v for v in held if _covers(wished, v) and not self._is_said(item, v)][:MAX_VALUES]
            if values:
                yield self._listed(item, name, values)
                return
        for name in self._texts:
            text = str(item.attributes.get(name, ""))
            own = {singular(w.norm) for w in words(text)} & wished
            is_short = len(text) <= MAX_TEXT_CHARS and text.count(".") <= 1
            if (
                is_short
                and not reads_as_order(text)
                and sum(not is_everyday(word) for word in own) >= MIN_TELLING
            ):
                yield Fact(text.rstrip(". "), sentence=True)
                return

    def shared(self, item: Item, profile: TasteProfile) -> Iterator[Fact]:
        """What ties the item to what the person likes: makers, people, rare topics, the best first."""
        if profile.request.other_person:
            return
        ids = dict.fromkeys((*profile.request.like, *reversed(profile.taste())))
        liked = [self._catalog[i] for i in ids if i in self._catalog and i != item.id][:MAX_LIKED]
        for name in self._people:
            for other in liked:
                if both := _both(item, other, name)[:MAX_VALUES]:
                    phrase = joined([self.phrases.of(name, value) for value in both])
                    yield Fact(f"{phrase}, like {other.title}", _both_cited(item, other, name, both))
        for name in self._topics:
            for other in liked:
                both = [v for v in _both(item, other, name) if self._is_rare(name, v)]
                if some := [v for v in both if not self._is_said(item, v)][:MAX_VALUES]:
                    cites = _both_cited(item, other, name, some)
                    text = f"{join_and(list(map(self._case.restored, some)))}, as in {other.title}"
                    yield Fact(text, cites, self.is_plain(name))

    def own(self, item: Item) -> Iterator[Fact]:
        """What the item is, whoever asks: its topics, its moods, its labels."""
        values: list[str] = []
        for name in self._topics:
            values = [v for v in sayable(as_tags(item.attributes.get(name))) if not self._is_said(item, v)]
            values = [v for v in values if not _EMPTY.fullmatch(v)]
            values = [v for v in values if self._is_rare(name, v)] + values
            values = list(dict.fromkeys(values))
            if values:
                yield self._listed(item, name, values[:MAX_VALUES])
                break
        for name in self._moods:
            for value in sayable(as_tags(item.attributes.get(name)))[:MAX_VALUES]:
                if phrase := self.phrases.of(name, value):
                    yield Fact(phrase, cite_values(item.id, name, [value]), self.is_plain(name))
        if more := values[MAX_VALUES : 2 * MAX_VALUES]:
            yield self._listed(item, self._topics[0], more)
        if label := self._label(item):
            yield label
        for name in self._texts if not values else ():
            text = str(item.attributes.get(name, ""))
            if text and len(text) <= MAX_TEXT_CHARS and text.count(".") <= 1 and not reads_as_order(text):
                yield Fact(text.rstrip(". "), sentence=True)

    def label_text(self, item: Item) -> str:
        """What kind of item it is, as a sentence; "" where that is not known."""
        label = self._label(item)
        return f"{label.text[0].upper()}{label.text[1:]}." if label else ""

    def _label(self, item: Item) -> Fact | None:
        kinds = [name for name in self._labels if self.phrases.is_label(name)] or self._labels[:1]
        labels = [
            (name, self._in_sentence(name, v))
            for name in kinds
            for v in sayable(as_tags(item.attributes.get(name)))
        ][:3]
        more = [
            (name, v)
            for name in self._labels
            if name not in kinds
            for v in sayable(as_tags(item.attributes.get(name)))
        ]
        others = [phrase for name, v in more[:MAX_VALUES] if (phrase := self.phrases.of(name, v))]
        years = [(name, str(item.attributes[name])) for name in self._years if name in item.attributes][:1]
        kind = join_and([value for _, value in labels])
        text = " from ".join(part for part in (kind, *(year for _, year in years)) if part)
        text = ", ".join(filter(None, (text, *others)))
        told = (*labels, *more[:MAX_VALUES], *years) if others else (*labels, *years)
        cites = tuple(Citation(item=item.id, field=name, value=value) for name, value in told)
        return Fact(text, cites, is_label=True) if text else None

    def _in_sentence(self, name: str, value: str) -> str:
        """A label as it stands within a sentence: names and sizes keep their capitals."""
        return value if self.phrases.keeps_capitals(name, value) else value.lower()

    def _listed(self, item: Item, name: str, values: Sequence[str]) -> Fact:
        topics = tuple(map(self._case.restored, values))
        return Fact(join_and(topics), cite_values(item.id, name, values), self.is_plain(name), topics)

    @property
    def impressions(self) -> frozenset[str]:
        """Attributes that say how an item strikes people, or what it is about, which is never told in full."""
        return frozenset(self._opinions)

    def is_plain(self, name: str) -> bool:
        """Whether a value is said without "probably": the catalogue has it, or it is an impression, not a fact."""
        return name in self._opinions or self._catalog.schema[name].provenance is not Provenance.INFERRED

    def _is_rare(self, name: str, value: str) -> bool:
        rows = self._catalog.postings(name).get(value.casefold(), ())
        return len(rows) <= max(2, MAX_SHARE * len(self._catalog))

    def _is_said(self, item: Item, value: str) -> bool:
        """Whether a topic only repeats another attribute, such as where it plays."""
        key = value.casefold()
        return any(
            key in other_value.casefold() or other_value.casefold() in key
            for other, held in item.attributes.items()
            if other in self._labelled
            for other_value in as_tags(held)
            if len(other_value) > MIN_NAME
        )


def wanted_of(profile: TasteProfile) -> list[Preference]:
    """What is asked for as preferences, hard conditions first, then by weight.

    What only excludes is left out, and what the same words bring with it: who wants no swearing asks for no age.
    """
    refused = {one.words.casefold() for one in profile.request.prefer if turns_down(one.condition)} - {""}
    hard = [Preference(condition=condition) for condition in profile.constraints]
    soft = sorted(
        (one for one in profile.request.prefer if one.weight >= MIN_WEIGHT), key=lambda one: -one.weight
    )
    found: dict[str, Preference] = {}
    for one in (*hard, *soft):
        key = describe(one.condition)
        if any(leaf.op not in NEGATIVE for leaf in leaves(one.condition)):
            found[key] = found.get(key, one) if not one.words else one
    return [one for one in found.values() if not (one.words.casefold() in refused and _is_upper_limit(one))]


def _is_upper_limit(wanted: Preference) -> bool:
    return all(leaf.op is Op.AT_MOST for leaf in leaves(wanted.condition))


def excluded_of(profile: TasteProfile) -> list[Constraint]:
    """Hard conditions that only exclude values."""
    return [one for one in profile.constraints if isinstance(one, Constraint) and one.op in NEGATIVE]


def refused_of(profile: TasteProfile) -> list[Constraint]:
    """Preferences that only exclude values, as conditions, without those that a hard condition says already."""
    hard = {describe(one) for one in profile.constraints}
    soft = (one.condition for one in profile.request.prefer if one.weight >= MIN_WEIGHT)
    return [
        one
        for one in soft
        if isinstance(one, Constraint) and one.op in NEGATIVE and describe(one) not in hard
    ]


def holds(item: Item, condition: Condition) -> bool | None:
    """Whether an item meets a condition; None where it is not known."""
    if satisfies(item, condition):
        return True
    return None if any(leaf.field not in item.attributes for leaf in leaves(condition)) else False


def _covers(wished: Collection[str], value: str) -> bool:
    """Whether a wish has the telling words of a value: all of them, or half with a word that is not everyday."""
    own = [singular(w.norm) for w in words(value) if w.norm not in STOPWORDS]
    met = [word for word in own if word in wished]
    return bool(met) and (
        len(met) == len(own) or (2 * len(met) >= len(own) and not all(map(is_everyday, met)))
    )


def _both(item: Item, other: Item, name: str) -> list[str]:
    theirs = as_tags(other.attributes.get(name))
    return [value for value in sayable(as_tags(item.attributes.get(name))) if value in theirs]


def _both_cited(item: Item, other: Item, name: str, values: Sequence[str]) -> tuple[Citation, ...]:
    return (
        *cite_values(item.id, name, values),
        *cite_values(other.id, name, values),
        *cite_values(other.id, "title", [other.title]),
    )


def _without_repetition(facts: Sequence[Fact]) -> list[Fact]:
    """Facts without those that another says as well: "funny" beside "very funny"."""
    texts = dict.fromkeys(fact.text for fact in facts)
    longer = {text for text in texts if any(text != one and f" {text} " in f" {one} " for one in texts)}
    seen: dict[str, Fact] = {}
    for fact in facts:
        if fact.text not in longer:
            seen.setdefault(fact.text, fact)
    return list(seen.values())
