"""How much of a catalogue an enrichment knows, facet by facet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tastemaker.agent.enrichment.facet_form import KNOWLEDGE
from tastemaker.agent.enrichment.known_items import KnownItem
from tastemaker.retrieval.catalog.catalog import as_tags
from tastemaker.retrieval.facets.definition import Facet, FacetKind

MAX_VALUES_SHOWN = 4


@dataclass(frozen=True)
class FacetCoverage:
    """Of one facet, how many items.

    Attributes:
        facet: its name.
        given: those whose value came with the data set.
        known, unknown, unasked: of the others; all four add up to the catalogue.
        outside: of the unknown ones, those whose answers were outside the form.
        by_knowledge: of the known ones, those that rest on no field.
        values: the most frequent ones with their items.
    """

    facet: str
    given: int
    known: int
    unknown: int
    unasked: int
    outside: int
    by_knowledge: int
    values: tuple[tuple[str, int], ...]


def coverage(items: Sequence[KnownItem], facets: Sequence[Facet]) -> list[FacetCoverage]:
    """One line a facet, in the order of the set."""
    return [
        _count_answers(facet, [item for item in items if facet.name not in item.given], len(items))
        for facet in facets
    ]


def coverage_table(lines: Sequence[FacetCoverage]) -> str:
    """The same as text, aligned."""
    head = ("facet", "given", "known", "unknown", "outside", "not asked", "by knowledge", "most frequent")
    rows = [head, *(_row(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _row(line: FacetCoverage) -> tuple[str, ...]:
    counts = (line.given, line.known, line.unknown, line.outside, line.unasked, line.by_knowledge)
    values = ", ".join(f"{value} {n:,}" for value, n in line.values)
    return (line.facet, *(f"{n:,}" for n in counts), values)


def _count_answers(facet: Facet, items: Sequence[KnownItem], of: int) -> FacetCoverage:
    asked = [item.known[facet.name] for item in items if facet.name in item.known]
    known = [one.answer for one in asked if one.answer.value is not None]
    values = Counter(value for one in known for value in _values(facet, one.value))
    return FacetCoverage(
        facet.name,
        of - len(items),
        len(known),
        len(asked) - len(known),
        len(items) - len(asked),
        sum(one.outside for one in asked),
        sum(one.evidence == KNOWLEDGE for one in known),
        tuple(values.most_common(MAX_VALUES_SHOWN)),
    )


def _values(facet: Facet, value: object) -> Iterator[str]:
    if facet.kind is FacetKind.PHRASES:
        return  # each is one item's own
    if facet.kind is FacetKind.LEVEL and isinstance(value, int):
        yield f"{value} ({list(facet.values)[value]})"
    elif isinstance(value, str | tuple):
        yield from as_tags(value)
    else:
        yield f"{value:g}"
