"""What the items of a list have in common: a series, by their titles, who made them or is in them, what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tastemaker.agent.nlu.rules.acts.people_asked import CASTS, find_people_fields
from tastemaker.agent.nlu.rules.acts.shared_questions import CAST, DIRECTOR, SERIES
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.agent.reply.evidence import Evidence
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.schema import EVERY, Kind, Provenance
from tastemaker.retrieval.text.joined import join_and, number_in_words, predicate
from tastemaker.retrieval.text.normalise import split_year

MAX_GROUPS = 3
MAX_TRAITS = 3
SAYS = "as far as this catalogue says"
_PART = re.compile(
    r":|\s+-\s+|,?\s+\b(?:part|vol\.?|volume|chapter)\b|\s+(?:\d{1,2}|[IVX]{1,4})\s*$|\s+(?:\d{1,2}|II|"
    r"III|IV|VI{0,3}|IX)(?=:|\s*$)",
    re.IGNORECASE,
)


def tell_common_traits(about: str, items: Sequence[Item], catalog: Catalog, evidence: Evidence) -> str:
    """What some items share, of the sort asked for."""
    people = find_people_fields(catalog)
    makers = [name for name in people if name not in CASTS][:1]
    casts = [name for name in people if name in CASTS][:1]
    if about == SERIES:
        return _series(items, catalog, evidence, [*makers, *casts])
    if about in (DIRECTOR, CAST):
        names = makers if about == DIRECTOR else casts
        told = _groups(items, names, evidence)
        word = names[0] if about == DIRECTOR and names else "actor"
        return told or f"No two of them have {'an' if word[0] in 'aeiou' else 'a'} {word} in common, {SAYS}."
    return _anything(items, catalog, evidence, [*makers, *casts])


def find_series(items: Sequence[Item]) -> list[list[Item]]:
    """Items whose titles begin alike, as parts of one thing do.

    >>> titles = "Toy Story (1995)", "Toy Story 2 (1999)", "Heat (1995)"
    >>> films = [Item(str(number), title, {}) for number, title in enumerate(titles)]
    >>> [[item.title for item in group] for group in find_series(films)]
    [['Toy Story (1995)', 'Toy Story 2 (1999)']]
    """
    by_stem: dict[str, list[Item]] = {}
    for item in items:
        if stem := _stem_of(item.title):
            by_stem.setdefault(stem, []).append(item)
    return [group for group in by_stem.values() if len(group) > 1]


def _stem_of(title: str) -> str:
    rest = split_year(title)[0]
    return " ".join(word.norm for word in words(_PART.split(rest)[0]) if word.norm not in STOPWORDS)


def _series(items: Sequence[Item], catalog: Catalog, evidence: Evidence, names: Sequence[str]) -> str:
    if len(items) == 1:
        return _series_of(items[0], catalog)
    told = list[str]()
    for group in find_series(items):
        shared = _common(group, names, evidence)
        by = f"; {_count(group)} {predicate(shared)}" if shared else ""
        told.append(f"Yes, by their titles: {join_and([item.title for item in group])} belong together{by}.")
    if told:
        return " ".join(told)
    common = _common(items, names, evidence)
    if common:
        return f"Not as parts of one story, {SAYS}, but {_count(items)} {predicate(common)}."
    pairs = _groups(items, names, evidence)
    none = "Not that this catalogue says: no two of them are told to be parts of one story."
    return f"{none} {pairs}".strip()


def _series_of(item: Item, catalog: Catalog) -> str:
    stem = _stem_of(item.title)
    others = [
        other.title for other in catalog if other.id != item.id and stem and _stem_of(other.title) == stem
    ]
    if others:
        return f"By its title {item.title} belongs with {join_and(others)}."
    if "sequel" in [
        tag.casefold()
        for name in catalog.schema.of_kind(Kind.TAGS)
        for tag in as_tags(item.attributes.get(name))
    ]:
        return f"{item.title} is a sequel, {SAYS}; what came before it is not here."
    return f"Not that this catalogue says: nothing else here begins like {item.title}."


def _groups(items: Sequence[Item], names: Sequence[str], evidence: Evidence) -> str:
    """Who is in several of the items, or made them; "" where nobody is."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        values = dict.fromkeys(value for item in items for value in as_tags(item.attributes.get(name)))
        for value in values:
            held = tuple(item.id for item in items if value in as_tags(item.attributes.get(name)))
            if len(held) > 1 and (phrase := evidence.phrases.of(name, value)):
                groups.setdefault(held, []).append(phrase)
    told = list[str]()
    for held, phrases in sorted(groups.items(), key=lambda one: -len(one[0]))[:MAX_GROUPS]:
        group = [item for item in items if item.id in held]
        who = _count(group) if len(group) == len(items) else join_and([item.title for item in group])
        told.append(f"{who} {predicate(phrases)}")
    text = "; ".join(told)
    return f"{text[0].upper()}{text[1:]}, {SAYS}." if text else ""


def _anything(items: Sequence[Item], catalog: Catalog, evidence: Evidence, names: Sequence[str]) -> str:
    tags = [
        name
        for name in catalog.schema.of_kind(Kind.TAGS, Kind.CATEGORY, provenance=EVERY)
        if name not in names
    ]
    tags.sort(key=lambda name: catalog.schema[name].provenance is not Provenance.CATALOGUE)
    common = _common(items, [*names, *tags], evidence)
    if common:
        return f"{_capital(_count(items))} {predicate(common[:MAX_TRAITS])}, {SAYS}."
    pairs = _groups(items, names, evidence)
    return pairs or f"Nothing that all of them have, {SAYS}."


def _common(items: Sequence[Item], names: Sequence[str], evidence: Evidence) -> list[str]:
    """What all items have of some attributes, in phrases."""
    found = list[str]()
    for name in names:
        first, *others = [as_tags(item.attributes.get(name)) for item in items]
        for value in first:
            if all(value in other for other in others) and (phrase := evidence.phrases.of(name, value)):
                found.append(phrase)
    return list(dict.fromkeys(found))


def _count(items: Sequence[Item]) -> str:
    return "both" if len(items) == 2 else f"all {number_in_words(len(items))}"


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
