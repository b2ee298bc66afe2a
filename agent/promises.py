"""The last check before items are shown: every promise, item by item."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.agent.fuse import Fused
from tastemaker.agent.profile import TasteProfile
from tastemaker.retrieval.constraints import satisfies
from tastemaker.tools.shelf import Shelf


def promised(fused: Sequence[Fused], profile: TasteProfile, shelf: Shelf) -> list[Fused]:
    """What may be shown: new to the person, within every constraint, nothing twice.

    Nothing twice: no title, and of near-duplicates and variants of one product only the best.

    The tools filter already; this checks each item again with the other, row-wise
    implementation of constraints, so that a slip in one of them is never shown.
    """
    hidden, taken, kept = profile.hidden(), set[tuple[str, str]](), list[Fused]()
    for one in fused:
        item = shelf.catalog[one.id]
        fits = all(satisfies(item, constraint) for constraint in profile.constraints)
        same = {("title", item.title), ("group", shelf.groups.key(one.id))}
        if one.id not in hidden and fits and not same & taken:
            taken |= same
            kept.append(one)
    return kept
