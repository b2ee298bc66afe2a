"""What the answers so far say of a catalogue as it is now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tastemaker.agent.enrichment.answer_log import AnswerLog, Known
from tastemaker.agent.enrichment.facet_form import describe_facet
from tastemaker.agent.enrichment.item_facts import ItemFacts, item_facts, short_hash
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Value
from tastemaker.retrieval.facets.definition import Facet, FacetKind


@dataclass(frozen=True)
class KnownItem:
    """An item, what a model reads of it, and the answers by facet; a facet without an answer is left out.

    Attributes:
        given: facets whose values came with the data set; these are not asked.
    """

    title: str
    facts: ItemFacts
    known: Mapping[str, Known]
    given: frozenset[str] = frozenset()


def question_key(facts: ItemFacts, facet: str) -> str:
    """All that a question was made of, the item's text and a facet's digest: equal keys, equal question.

    The model is no part of it: another one is asked by deleting the answers.
    """
    return f"{facts.digest}-{facet}"


def facet_digest(facet: Facet) -> str:
    """Of what a model sees of a facet. Phrases that only requests are matched by are no part of it."""
    return short_hash(f"{facet.kind} {describe_facet(facet)}")


def known_items(
    catalog: Catalog, facets: Sequence[Facet], log: AnswerLog, asked: Collection[str] = ()
) -> list[KnownItem]:
    """Every item, in row order, with the answers to these very questions about it.

    Items in ``asked`` came with phrases in which people would ask for them.
    """
    phrases = {facet.name for facet in facets if facet.kind is FacetKind.PHRASES}
    digests = {facet.name: facet_digest(facet) for facet in facets}
    return [
        KnownItem(
            item.title,
            facts,
            _answers(facts, digests, log),
            frozenset(digests.keys() & item.attributes) - phrases | (phrases if item.id in asked else set()),
        )
        for item in catalog
        for facts in (item_facts(item, catalog.schema),)
    ]


def known_values(items: Sequence[KnownItem]) -> dict[str, dict[str, Value]]:
    """Item id -> facet -> value; items of which nothing is known are left out."""
    values = {
        item.facts.id: {
            name: known.answer.value for name, known in item.known.items() if known.answer.value is not None
        }
        for item in items
    }
    return {item: known for item, known in values.items() if known}


def _answers(facts: ItemFacts, digests: Mapping[str, str], log: AnswerLog) -> dict[str, Known]:
    found = {name: log.known(facts.id, name, question_key(facts, own)) for name, own in digests.items()}
    return {name: known for name, known in found.items() if known is not None}
