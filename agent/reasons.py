"""Reasons made from facts alone: what an item is, and what it shares with what the person likes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tastemaker.agent.fuse import Fused
from tastemaker.agent.profile import TasteProfile
from tastemaker.agent.words import STOPWORDS, words
from tastemaker.retrieval.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.item_text import LABELS_AT_MOST, descriptive_values, name_attributes
from tastemaker.retrieval.schema import Kind
from tastemaker.retrieval.tokens import singular

MOST_SHARED = 3
MOST_BRIEF_TAGS = 6
TEXT_RANK_WORTH_SAYING = 10


class Reasons:
    """Writes one sentence per item out of catalogue fields and the profile; never anything else."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        tags = list(catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS))
        self._labels = [name for name in tags if len(catalog.values(name)) <= LABELS_AT_MOST]
        self._names = [name for name in tags if name not in self._labels]
        self._people = name_attributes(catalog)
        self._texts = list(catalog.schema.of_kind(Kind.TEXT))
        self._years = [name for name in catalog.schema.of_kind(Kind.NUMBER) if "year" in name.casefold()]

    def why(self, item: Item, profile: TasteProfile, fused: Fused) -> str:
        """The reason for one item, as one sentence."""
        found = [self._shared(item, profile), self._wish(item, profile, fused)]
        parts = [self._what_it_is(item), *(found if any(found) else [_ranking(profile, fused)])]
        said = [part for part in parts if part]
        if not said:
            return f"Found by {fused.sources[0]}." if fused.sources else "In this catalogue."
        sentence = "; ".join(said)
        return sentence[0].upper() + sentence[1:] + "."

    def brief(self, item: Item) -> str:
        """Labels, some tags and the description on one line: what a prompt needs to say why."""
        tags = self._labels_of(item)
        held = descriptive_values(item, self._catalog, [*self._people, *self._labels])[:MOST_BRIEF_TAGS]
        texts = [str(item.attributes[n]) for n in self._texts if n in item.attributes]
        return ". ".join(
            part for part in ("; ".join(filter(None, (", ".join(tags), ", ".join(held)))), *texts) if part
        )

    def _labels_of(self, item: Item) -> list[str]:
        return [value.lower() for name in self._labels for value in as_tags(item.attributes.get(name))]

    def _what_it_is(self, item: Item) -> str:
        labels = self._labels_of(item)
        years = [str(item.attributes[name]) for name in self._years if name in item.attributes]
        kind = joined(labels[:MOST_SHARED])
        return " from ".join(part for part in (kind, *years[:1]) if part)

    def _shared(self, item: Item, profile: TasteProfile) -> str:
        for liked_id in reversed(profile.taste()):
            liked = self._catalog[liked_id]
            for name in self._names:
                both = [
                    v for v in as_tags(item.attributes.get(name)) if v in as_tags(liked.attributes.get(name))
                ]
                if both:
                    return f"shares {joined(both[:MOST_SHARED])} ({name}) with {liked.title}"
        return ""

    def _wish(self, item: Item, profile: TasteProfile, fused: Fused) -> str:
        """Which of the wished-for words the item's own values have, or that its text is close."""
        if not profile.wishes:
            return ""
        wished = {singular(w.norm) for w in words(profile.wishes[-1]) if w.norm not in STOPWORDS}
        for name in self._names:
            values = as_tags(item.attributes.get(name))
            said = [value for value in values if wished & {singular(w.norm) for w in words(value)}]
            if said:
                return f"its {name} include {joined(said[:MOST_SHARED])}"
        near = 0 < _place("retrieve", fused) <= TEXT_RANK_WORTH_SAYING
        return "its description is close to what you asked for" if near else ""


def _ranking(profile: TasteProfile, fused: Fused) -> str:
    place = _place("rank", fused)
    return f"number {place} of the ranking for your taste" if place and profile.taste() else ""


def _place(tool: str, fused: Fused) -> int:
    """The item's best place in the lists of a tool; 0 where it is on none."""
    places = [int(s.rpartition("#")[2]) for s in fused.sources if s.startswith(f"{tool}(")]
    return min(places, default=0)


def joined(words: Sequence[str]) -> str:
    """A list in English.

    >>> joined(["crime", "drama", "thriller"])
    'crime, drama and thriller'
    """
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1] if words else "") if part)


def either(words: Sequence[str]) -> str:
    """A choice in English.

    >>> either(["crime", "drama", "thriller"])
    'crime, drama or thriller'
    """
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1] if words else "") if part)


def as_shown(value: object) -> Iterable[object]:
    """A value as the sequence of things to print."""
    return value if isinstance(value, tuple) else (value,)
