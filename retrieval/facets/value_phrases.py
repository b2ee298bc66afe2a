"""How values and conditions are said of an item: phrases that go behind "something" ("funny", "set in Paris").

They come from ``[facets.NAME.words]`` of the facet definitions and, for what a catalogue states itself,
from ``data/attribute-words.toml``, by the attribute's name. A key is a value, the number of a level, ``*`` for
any value, or a bound: ``at most 1``, ``at most``, ``at least``, ``between``, ``before``, ``after``. In a phrase
``{}`` stands for the value and ``{a}`` for the value with its article; an empty phrase says nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files

from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.schema import STATED, Attribute, Kind, Schema, Value
from tastemaker.retrieval.catalog.value_words import (
    answer_in_words,
    attribute_in_words,
    date_in_words,
    level_in_words,
    number_with_unit,
    plain_number,
)
from tastemaker.retrieval.facets.definition import FacetSet, Grammar
from tastemaker.retrieval.filters.conditions import (
    AllOf,
    Condition,
    Constraint,
    Not,
    Op,
    leaves,
    parts_of,
    values_of,
)
from tastemaker.retrieval.filters.constraints import NEGATIVE, satisfies
from tastemaker.retrieval.quantities.concepts import concept_of, name_words
from tastemaker.retrieval.text.joined import joined

SOURCE = "data/attribute-words.toml"
ANY = "*"
THEME = "with {} as a theme"
NAMES = ("by {}", "with {}")
LABEL = "listed as {}"
PROPER = ("by {}", "with {}", "in {}", "at {}", "from {}")
"""Phrases in which proper names stand; colours, which are "in {}" too, have no capitals or keep theirs."""
NAMED_SO = frozenset("store shop seller brand label publisher language nationality region state".split())
"""Words in the names of columns of proper names."""
MAKERS = ("maker", "person", "employer")
"""Groups of names that the last word of a column's name decides."""
MAX_SIZE = 2
"""Letters of an abbreviation, such as TV or XL; longer ones may be words of a column in capitals."""
MAX_NAMED = 3
"""Values that a condition names; of one with more, the person's own words are said."""
MAX_SAID_CHARS = 60
"""Letters of those words."""
MIN_STEM = 4
"""Letters of a word whose last one may differ in another form of it."""
NUMBERS = (Kind.NUMBER, Kind.DATE)
_BOUNDS = {Op.AT_MOST: "below", Op.BEFORE: "below", Op.AT_LEAST: "above", Op.AFTER: "above"}
_WHEN = {
    Op.AT_MOST: "{} or before",
    Op.BEFORE: "before {}",
    Op.AT_LEAST: "{} or later",
    Op.AFTER: "after {}",
    Op.BETWEEN: "from {} to {}",
}
_NO_ARTICLE = re.compile(r"(?:(?<![us])s|[^a-z])$|^(?:[a-z]+ )*(?:space|nature|water|heaven|hell)$")


class ValuePhrases:
    """The phrases for one catalogue. Safe to share between threads."""

    def __init__(
        self, schema: Schema, facets: FacetSet | None = None, restored: Callable[[str], str] = str
    ) -> None:
        self._schema = schema
        self._restored = restored
        self._words = {attribute.name: _words_for(attribute, facets) for attribute in schema.attributes}
        self._topics = {
            name
            for name, facet in (facets.facets.items() if facets else ())
            if facet.grammar is Grammar.TOPIC
        }
        places = facets.with_grammar(Grammar.PLACE) if facets else None
        self._open = self._topics | {
            one.name
            for one in schema.attributes
            if one.kind is Kind.TAGS and (self._words[one.name] or {ANY: THEME}).get(ANY) == THEME
        }
        self._open |= {places.name} if places else set()
        self._countries = {
            name
            for name, facet in (facets.facets.items() if facets else ())
            if facet.grammar is Grammar.COUNTRY
        }
        self.vocabulary = " . ".join(phrase for words in self._words.values() for phrase in words.values())

    def of(self, name: str, value: Value) -> str:
        """One value of an attribute: one tag of several, not all of them; "" where there is nothing to say."""
        attribute, words = self._schema[name], self._words[name]
        key = plain_number(value)
        phrase = words.get(key, words.get(key.casefold(), words.get(ANY)))
        if phrase is not None:
            return _filled(phrase, self._shown(attribute, value))
        return _plainly(attribute, value)

    def of_condition(self, condition: Condition, said: str = "") -> str:
        """A condition as what an item would be that meets it; "" for one that only excludes.

        Args:
            condition: with attributes of the schema.
            said: the person's words for it, for what has too many values to be named.
        """
        if isinstance(condition, Not):
            return ""
        if isinstance(condition, AllOf) or any(isinstance(part, AllOf) for part in parts_of(condition)):
            word = " and " if isinstance(condition, AllOf) else " or "
            return word.join(filter(None, (self.of_condition(part, said) for part in parts_of(condition))))
        parts = [leaf for leaf in leaves(condition) if leaf.op not in NEGATIVE]
        if own := self._in_one_word(parts, " ".join(said.split())):
            return own
        if sum(len(_shortest(leaf)) for leaf in parts if self._has_labels(leaf)) > MAX_NAMED:
            return self._in_own_words(parts, " ".join(said.split()))
        by_field = [
            joined(
                list(filter(None, dict.fromkeys(self._of_leaf(leaf)))),
                " and " if leaf.op is Op.ALL_OF else " or ",
            )
            for leaf in parts
        ]
        return " or ".join(dict.fromkeys(filter(None, by_field)))

    def _in_one_word(self, parts: Sequence[Constraint], said: str) -> str:
        """A topic that several attributes hold, by the person's word for it or the shortest of its values."""
        phrases = {self._words[part.field].get(ANY, "") for part in parts}
        if phrases != {THEME}:
            return ""
        values = [str(one) for part in parts for one in values_of(part)]
        shortest = min(values, key=len)
        alike = all(_is_closer(value.casefold(), shortest.casefold()) for value in values)
        own = next((value for value in values if value.casefold() == said.casefold()), "")
        own = own or (shortest if alike else "")
        return _filled(THEME, self._restored(own)) if own else ""

    def _in_own_words(self, parts: Sequence[Constraint], said: str) -> str:
        """A condition on many values, by what the person called them all."""
        if not said or len(said) > MAX_SAID_CHARS:
            return ""
        phrase = self._words[parts[0].field].get(ANY, "")
        name = parts[0].field
        is_value = any(said.casefold() == str(one).casefold() for part in parts for one in values_of(part))
        alike = all(self._words[part.field].get(ANY, "") == phrase for part in parts)
        names = all(word[0].isupper() or word in ("or", "and", "the", "of") for word in said.split())
        if alike and (is_value or names or (name in self._countries and said[0].isupper())):
            return _filled(phrase, said)
        return ""

    def can_deny(self, condition: Condition, catalog: Catalog) -> bool:
        """Whether an item that is not known to meet a condition can be said not to meet it.

        What an item is about or where it plays is never listed in full, and a value that no item has may go
        by another name.
        """
        parts = [leaf for leaf in leaves(condition) if self._has_labels(leaf)]
        return all(
            leaf.field not in self._open and str(value).casefold() in catalog.postings(leaf.field)
            for leaf in parts
            for value in values_of(leaf)
        )

    def is_name(self, name: str) -> bool:
        """Whether an attribute's values are said as names are: "by Ada Stone", "with Ben Marsh"."""
        return self._words[name].get(ANY) in NAMES

    def is_label(self, name: str) -> bool:
        """Whether an attribute's values say what kind of item it is."""
        return self._words[name].get(ANY) in (None, LABEL)

    def keeps_capitals(self, name: str, value: str) -> bool:
        """Whether a value is written within a sentence as it is: a name, a place, a size such as XL.

        >>> from tastemaker.retrieval.catalog.schema import Attribute
        >>> names = ("genre", "Book-Author", "size")
        >>> phrases = ValuePhrases(Schema(attributes=tuple(Attribute(name=n, kind=Kind.CATEGORY) for n in names)))
        >>> [phrases.keeps_capitals(*one) for one in (("genre", "Drama"), ("Book-Author", "Ana"), ("size", "XL"))]
        [False, True, True]
        """
        phrase = self._words[name].get(ANY, "")
        if "colo" in name.casefold():
            return False
        if phrase in PROPER or not NAMED_SO.isdisjoint(name_words(name)):
            return True
        return value.isupper() and (len(value) <= MAX_SIZE or "size" in name.casefold())

    def is_of_people(self, name: str) -> bool:
        """Whether an attribute names who made or plays something."""
        return self._words[name].get(ANY, "") in PROPER and NAMED_SO.isdisjoint(name_words(name))

    def is_topic(self, name: str) -> bool:
        """Whether an attribute tells what items are about."""
        return name in self._topics

    def of_excluded(self, constraint: Constraint) -> str:
        """What a condition excludes, as what an item would be that has it."""
        values = values_of(constraint)[:MAX_NAMED]
        return joined(list(filter(None, (self.of(constraint.field, str(value)) for value in values))), " or ")

    def met_by(self, item: Item, condition: Condition) -> list[tuple[str, Value, str]]:
        """The item's own values by which it meets a condition: attribute, value and phrase of each."""
        found = []
        for leaf in leaves(condition):
            value = item.attributes.get(leaf.field)
            if value is None or leaf.op in NEGATIVE or not satisfies(item, leaf):
                continue
            if not self._has_labels(leaf):
                found.append((leaf.field, value, self.of(leaf.field, value)))
                continue
            wanted = {str(one).casefold() for one in values_of(leaf)}
            own = [one for one in as_tags(value) if leaf.op is Op.CONTAINS or one.casefold() in wanted]
            found += [(leaf.field, one, self.of(leaf.field, one)) for one in own]
        return [one for one in found if one[2]]

    def _has_labels(self, leaf: Constraint) -> bool:
        return self._schema[leaf.field].kind not in NUMBERS

    def _of_leaf(self, leaf: Constraint) -> list[str]:
        attribute, words, values = self._schema[leaf.field], self._words[leaf.field], values_of(leaf)
        if attribute.kind not in NUMBERS:
            return [self.of(leaf.field, value) for value in _shortest(leaf)]
        bound = leaf.op.value.replace("_", " ")
        phrase = words.get(f"{bound} {plain_number(values[0])}", words.get(bound))
        shown = [self._shown(attribute, value) for value in values]
        if phrase is not None:
            if leaf.op is Op.BETWEEN and values[0] == values[1]:
                return [self.of(leaf.field, values[0])]
            for one in shown:
                phrase = phrase.replace("{}", one, 1)
            return [phrase.replace(" min minutes", " min")]
        if attribute.kind is Kind.DATE and leaf.op in _WHEN:
            return [f"{attribute_in_words(leaf.field)} {_WHEN[leaf.op].format(*shown)}"]
        if leaf.op in _BOUNDS:
            level = level_in_words(attribute, values[0])
            edge = "" if leaf.op in (Op.BEFORE, Op.AFTER) else "not "
            side = {"below": "above", "above": "below"}[_BOUNDS[leaf.op]] if edge else _BOUNDS[leaf.op]
            return [f"with {attribute_in_words(leaf.field)} {edge}{side} {level or shown[0]}"]
        if leaf.op is Op.BETWEEN:
            return [f"with {attribute_in_words(leaf.field)} between {' and '.join(shown)}"]
        return [self.of(leaf.field, value) for value in values]

    def _shown(self, attribute: Attribute, value: object) -> str:
        """The value within a phrase; a facet's phrase has its unit, the phrase of what is stated has not."""
        if attribute.kind is Kind.NUMBER and attribute.provenance in STATED:
            return number_with_unit(attribute, value)
        if isinstance(value, date):
            return date_in_words(value, attribute.precision)
        return self._restored(plain_number(value))


def _shortest(leaf: Constraint) -> list[str]:
    """The values of a condition without those that only say another one more closely: "ghosts" beside "ghost"."""
    values = [str(value) for value in values_of(leaf)]
    kept = list[str]()
    for value in sorted(values, key=len):
        if not any(_is_closer(value.casefold(), one.casefold()) for one in kept):
            kept.append(value)
    return [value for value in values if value in kept]


def _is_closer(value: str, other: str) -> bool:
    """Whether a value says another one more closely, or in another form.

    >>> _is_closer("half-vampire", "vampire"), _is_closer("dancing", "dance"), _is_closer("cat", "dog")
    (True, True, False)
    """
    stem = other[:-1] if other[-1:] in ("e", "s") and len(other) > MIN_STEM else other
    return f" {stem}" in f" {value.replace('-', ' ')}"


def with_article(name: str) -> str:
    """A name behind "in": with "a" or "an" where it is one of a kind in small letters.

    >>> with_article("circus"), with_article("Paris"), with_article("Italian village"), with_article("hills")
    ('a circus', 'Paris', 'an Italian village', 'hills')
    """
    last = name.rpartition(" ")[2]
    if not last[:1].islower() or _NO_ARTICLE.search(name):
        return name
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def _filled(phrase: str, value: str) -> str:
    return phrase.replace("{}", value).replace("{a}", with_article(value)).replace(" min minutes", " min")


def _plainly(attribute: Attribute, value: Value) -> str:
    """A value for which there is no phrase."""
    name = attribute_in_words(attribute.name)
    if attribute.kind is Kind.BOOLEAN:
        return answer_in_words(attribute, value)
    if attribute.phrase:
        return attribute.phrase.format(plain_number(value))
    if attribute.kind is Kind.TAGS:
        return f"with {value} among its {name}"
    if level := level_in_words(attribute, value):
        return f"with {name}: {level}"
    if isinstance(value, date):
        return f"{name} {date_in_words(value, attribute.precision)}"
    return f"with {name} {number_with_unit(attribute, value)}"


def _words_for(attribute: Attribute, facets: FacetSet | None) -> Mapping[str, str]:
    if attribute.provenance not in STATED:
        facet = facets.facets.get(attribute.name) if facets else None
        return facet.words if facet else {}
    own, last = "_".join(name_words(attribute.name)), name_words(attribute.name)[-1:]
    for words in _of_stated().values():
        if any(
            attribute.name.casefold() == name or own == "_".join(name_words(name)) for name in words["name"]
        ):
            return {key: phrase for key, phrase in words.items() if isinstance(phrase, str)}
    for group in MAKERS if attribute.kind is not Kind.NUMBER else ():
        if not set(last).isdisjoint(_of_stated()[group]["name"]):  # Book-Author, developer_name
            return {key: phrase for key, phrase in _of_stated()[group].items() if isinstance(phrase, str)}
    if attribute.kind is Kind.NUMBER and "year" in own.split("_") and "experience" not in own:
        return {key: phrase for key, phrase in _of_stated()["year"].items() if isinstance(phrase, str)}
    concept = concept_of(attribute.name) if attribute.kind is Kind.NUMBER else None
    about = _of_stated().get(f"a {concept.name}", {}) if concept else {}
    return {key: phrase for key, phrase in about.items() if isinstance(phrase, str)}


@cache
def _of_stated() -> Mapping[str, Mapping[str, str | list[str]]]:
    return tomllib.loads((files("tastemaker.retrieval") / SOURCE).read_text(encoding="utf-8"))
