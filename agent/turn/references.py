"""What "this" and "that director" mean: the item that a message speaks of without naming it."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.agent.turn.state import TurnState, last_cards
from tastemaker.retrieval.catalog.catalog import Catalog, Item


def referenced_item(named: Sequence[str], state: TurnState, catalog: Catalog) -> Item | None:
    """What "this" means: the title named last in this message, else in the one before, else the first shown."""
    shown = [card.id for card in last_cards(state)]
    ids = [*reversed(named), *reversed(state.get("named", [])), *shown]
    return catalog[ids[0]] if ids else None


def comparison_items(named: Sequence[str], state: TurnState, catalog: Catalog) -> list[Item]:
    """What "newer" and "that director" compare with: titles in this message, or the one before; else the last list."""
    last = [card.id for card in last_cards(state)]
    before = [i for i in state.get("named", []) if i not in named]
    return [catalog[i] for i in named or before[-1:] or last]
