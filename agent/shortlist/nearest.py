"""The items that come nearest where none meets all conditions: best of those that break one alone."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.shortlist.constraint_check import filter_by_constraints
from tastemaker.agent.shortlist.fusion import fuse
from tastemaker.agent.shortlist.opening_calls import opening_calls
from tastemaker.retrieval.catalog.catalog import Item
from tastemaker.retrieval.filters.conditions import AllOf
from tastemaker.retrieval.filters.constraints import check
from tastemaker.retrieval.filters.relaxations import relaxations
from tastemaker.tools.tool_context import ToolContext

MAX_DROPPED = 2
"""Conditions that are left out in turn."""


def nearest(
    tool_context: ToolContext, profile: TasteProfile, utterances: Sequence[str], most: int
) -> list[Item]:
    """Items that meet all conditions of a profile but one, the best first.

    The condition without which fewest items are left goes first: what those meet is asked for most closely.
    """
    schema = tool_context.catalog.schema
    units = [
        check(unit, schema)  # a date that was kept with a session is a text until it is checked
        for one in profile.constraints
        for unit in (one.all_of if isinstance(one, AllOf) else (one,))
    ]
    droppable = [one for one in relaxations(tool_context.catalog, units) if one.relaxed is None]
    found: dict[str, Item] = {}
    for one in sorted(droppable, key=lambda one: one.freed)[:MAX_DROPPED]:
        kept = tuple(unit for unit in units if unit != one.constraint)
        looser = profile.model_copy(update={"constraints": kept})
        lists = [call() for call in opening_calls(tool_context, looser, (), utterances)]
        for fused in filter_by_constraints(fuse(lists), looser, tool_context)[: most - len(found)]:
            found[fused.id] = tool_context.catalog[fused.id]
    return list(found.values())
