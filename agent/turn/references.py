"""What "this" and "that director" mean: the item that a message speaks of without naming it."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.agent.turn.session_state import SessionState
from tastemaker.retrieval.catalog.catalog import Catalog, Item


def referenced_item(named: Sequence[str], session: SessionState, catalog: Catalog) -> Item | None:
    """What "this" means: the title named last in this message, else in the one before, else the first shown."""
    ids = [*reversed(named), *reversed(session.named), *(card.id for card in session.last)]
    return catalog[ids[0]] if ids else None


def comparison_items(named: Sequence[str], session: SessionState, catalog: Catalog) -> list[Item]:
    """What "newer" and "that director" compare with: titles in this message, or the one before; else the last list."""
    last = [card.id for card in session.last]
    before = [i for i in session.named if i not in named]
    return [catalog[i] for i in named or before[-1:] or last]
