"""The last check before items are shown: every promise, item by item."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.shortlist.fusion import Fused
from tastemaker.retrieval.catalog.item_text import people_of
from tastemaker.retrieval.catalog.schema import STATED, Value
from tastemaker.retrieval.filters.constraints import satisfies
from tastemaker.tools.tool_context import ToolContext


def filter_by_constraints(
    fused: Sequence[Fused], profile: TasteProfile, tool_context: ToolContext, most: int | None = None
) -> list[Fused]:
    """What may be shown: new to the person, within every constraint, nothing twice.

    Nothing twice: of near-duplicates and variants of one product only the best, and of items of one title that
    nothing tells apart. Three books called "Poems" by three authors are three books.

    The tools filter already; this checks each item again with the other, row-wise
    implementation of constraints, so that a slip in one of them is never shown.

    Args:
        fused: the best first.
        profile: its constraints, and what it hides.
        tool_context: of the catalogue.
        most: how many are enough; None for all.
    """
    hidden, kept = profile.hidden_ids(), list[Fused]()
    stated = set(tool_context.catalog.schema.names(STATED))
    titles, groups = set[tuple[str, frozenset[tuple[str, Value]]]](), set[str]()
    again = _listed_twice(hidden, tool_context)
    for candidate in fused:
        if candidate.id in hidden or candidate.id in again:
            continue
        item, group = tool_context.catalog[candidate.id], tool_context.groups.key(candidate.id)
        same = None
        if item.title in tool_context.repeated_titles:
            same = (item.title, frozenset((n, v) for n, v in item.attributes.items() if n in stated))
        if same in titles or group in groups:
            continue
        if all(satisfies(item, constraint) for constraint in profile.constraints):
            if same:
                titles.add(same)
            groups.add(group)
            kept.append(candidate)
            if len(kept) == most:
                break
    return kept


def _listed_twice(hidden: Collection[str], tool_context: ToolContext) -> frozenset[str]:
    """The other entries of hidden items that a catalogue lists twice: of one title, with somebody in common."""
    catalog = tool_context.catalog
    titles = {
        item.title: people_of(item, catalog)
        for item in (catalog[item_id] for item_id in hidden if item_id in catalog)
        if item.title in tool_context.repeated_titles
    }
    if not titles:
        return frozenset()
    same = (item for item in catalog if item.title in titles)
    return frozenset(item.id for item in same if titles[item.title] & people_of(item, catalog))
