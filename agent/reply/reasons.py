"""Reasons made from facts alone: what an item is, and what it shares with what the person likes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tastemaker.agent.events import Citation
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.agent.reply.citations import Clause, borne_out, cite_values
from tastemaker.agent.shortlist.fusion import Fused
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import descriptive_values, label_fields, name_attributes
from tastemaker.retrieval.catalog.schema import STATED, Kind
from tastemaker.retrieval.catalog.value_words import said_of_item
from tastemaker.retrieval.filters.conditions import leaves
from tastemaker.retrieval.text.tokens import singular

MAX_SHARED = 3
MAX_ASKED = 3
MAX_BRIEF_TAGS = 6
TEXT_RANK_WORTH_SAYING = 10


class Reasons:
    """Writes one sentence per item out of catalogue fields and the profile; never anything else."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._labels = label_fields(catalog)
        tags = catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS)
        self._names = [name for name in tags if name not in self._labels]
        self._people = name_attributes(catalog)
        self._texts = list(catalog.schema.of_kind(Kind.TEXT))
        self._years = [name for name in catalog.schema.of_kind(Kind.NUMBER) if "year" in name.casefold()]

    def cite(self, item: Item, profile: TasteProfile, fused: Fused) -> tuple[str, tuple[Citation, ...]]:
        """The reason as one sentence of the clauses that are borne out, and what they cite."""
        clauses = [self._shared_clause(item, profile), self._wish(item, profile, fused)]
        chosen = (
            clauses if any(clause.text for clause in clauses) else [Clause(text=_ranking(profile, fused))]
        )
        known = {item.id, *profile.taste()}
        supported = [
            clause
            for clause in (self._what_it_is(item), self._conditions_met(item, profile), *chosen)
            if borne_out(clause, self._catalog, known)
        ]
        if not supported:
            return "It fits what you asked for.", ()
        sentence = "; ".join(clause.text for clause in supported)
        return sentence[0].upper() + sentence[1:] + ".", tuple(
            cite for clause in supported for cite in clause.cites
        )

    def brief(self, item: Item) -> str:
        """Labels, some tags and the description on one line: what a prompt needs to say why."""
        tags = [value for _, value in self._labels_of(item)]
        values = descriptive_values(item, self._catalog, [*self._people, *self._labels])[:MAX_BRIEF_TAGS]
        texts = [str(item.attributes[n]) for n in self._texts if n in item.attributes]
        return ". ".join(
            part for part in ("; ".join(filter(None, (", ".join(tags), ", ".join(values)))), *texts) if part
        )

    def _labels_of(self, item: Item) -> list[tuple[str, str]]:
        """Its labels, each with its attribute."""
        return [(name, v.lower()) for name in self._labels for v in as_tags(item.attributes.get(name))]

    def _what_it_is(self, item: Item) -> Clause:
        labels = self._labels_of(item)[:MAX_SHARED]
        years = [(name, str(item.attributes[name])) for name in self._years if name in item.attributes][:1]
        kind = join_and([value for _, value in labels])
        text = " from ".join(part for part in (kind, *(year for _, year in years)) if part)
        cites = tuple(Citation(item=item.id, field=name, value=value) for name, value in (*labels, *years))
        return Clause(text=text, cites=cites)

    def _conditions_met(self, item: Item, profile: TasteProfile) -> Clause:
        """What the item has for conditions on what is inferred or computed, said to be so."""
        fields = dict.fromkeys(leaf.field for one in profile.constraints for leaf in leaves(one))
        told = [self._catalog.schema[name] for name in fields if name in self._catalog.schema]
        told = [one for one in told if one.provenance not in STATED and one.name in item.attributes]
        said = [said_of_item(one, item.attributes[one.name]) for one in told[:MAX_ASKED]]
        cites = (
            cite
            for one in told[:MAX_ASKED]
            for cite in cite_values(item.id, one.name, display_values(item.attributes[one.name]))
        )
        text = ", ".join(said)
        return Clause(text=text, cites=tuple(cite for cite in cites if cite.value in text))

    def _shared_clause(self, item: Item, profile: TasteProfile) -> Clause:
        for liked_id in reversed(profile.taste()):
            liked = self._catalog[liked_id]
            for name in self._names:
                both = [
                    v for v in as_tags(item.attributes.get(name)) if v in as_tags(liked.attributes.get(name))
                ]
                if both:
                    some = both[:MAX_SHARED]
                    return Clause(
                        text=f"shares {join_and(some)} ({name}) with {liked.title}",
                        cites=(
                            *cite_values(item.id, name, some),
                            *cite_values(liked.id, name, some),
                            *cite_values(liked.id, "title", [liked.title]),
                        ),
                    )
        return Clause(text="")

    def _wish(self, item: Item, profile: TasteProfile, fused: Fused) -> Clause:
        """Which of the wished-for words the item's own values have, or that its text is close."""
        if not profile.wishes:
            return Clause(text="")
        wished = {singular(w.norm) for w in words(profile.wishes[-1]) if w.norm not in STOPWORDS}
        for name in self._names:
            values = as_tags(item.attributes.get(name))
            matching = [value for value in values if wished & {singular(w.norm) for w in words(value)}]
            if matching:
                some = matching[:MAX_SHARED]
                return Clause(
                    text=f"its {name} include {join_and(some)}", cites=cite_values(item.id, name, some)
                )
        near = 0 < _place("retrieve", fused) <= TEXT_RANK_WORTH_SAYING
        return Clause(text="its description is close to what you asked for" if near else "")


def _ranking(profile: TasteProfile, fused: Fused) -> str:
    place = _place("rank", fused)
    return f"number {place} of the ranking for your taste" if place and profile.taste() else ""


def _place(tool: str, fused: Fused) -> int:
    """The item's best place in the lists of a tool; 0 where it is on none."""
    places = [source.place for source in fused.sources if source.tool == tool]
    return min(places, default=0)


def join_and(words: Sequence[str]) -> str:
    """A list in English.

    >>> join_and(["crime", "drama", "thriller"])
    'crime, drama and thriller'
    """
    return _join_list(words, " and ")


def either(words: Sequence[str]) -> str:
    """A choice in English.

    >>> either(["crime", "drama", "thriller"])
    'crime, drama or thriller'
    """
    return _join_list(words, " or ")


def _join_list(words: Sequence[str], last: str) -> str:
    return last.join(part for part in (", ".join(words[:-1]), words[-1] if words else "") if part)


def display_values(value: object) -> Iterable[object]:
    """A value as the sequence of things to print."""
    return value if isinstance(value, tuple) else (value,)
