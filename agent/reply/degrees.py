"""How much of a quality each of a few items has: which of them is the scariest, the gentlest, the best for a child.

A level or an amount counts by its value; a label that an item has counts as much as one step of a level. Where no item
is told to be so, the items' other labels of the same sort decide, by how often items of the catalogue with them are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from tastemaker.agent.reply.evidence import holds
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.filters.conditions import Condition, Constraint, Op, leaves, values_of

AMOUNTS = (Op.AT_LEAST, Op.AT_MOST, Op.AFTER, Op.BEFORE, Op.BETWEEN)
_UPWARD = (Op.AT_LEAST, Op.AFTER)
MIN_LABELLED = 5
"""Items with a label, below which it tells nothing of what else they are."""


@dataclass(frozen=True)
class Extreme:
    """The items that have most, or least, of a quality.

    Attributes:
        items: one, or several that are level.
        known: whether anything of the items says so, and not only what else they are.
        level: whether all of the items asked about are among them.
    """

    items: tuple[Item, ...]
    known: bool = True
    level: bool = False


def extreme_of(
    items: Sequence[Item], asked: Sequence[Condition], catalog: Catalog, *, least: bool = False
) -> Extreme | None:
    """The items with most of what conditions ask for; None where nothing is known of any.

    Args:
        items: those to choose from.
        asked: what the quality means, such as ``scares at least 2``.
        catalog: theirs.
        least: whether those with least of it are meant.
    """
    told = {item.id: degree for item in items if (degree := degree_of(item, asked)) is not None}
    labels_only = all(leaf.op not in AMOUNTS for one in asked for leaf in leaves(one))
    if labels_only and not any(told.values()):
        guessed = {item.id: _likely(item, asked, catalog) for item in items}
        best = _extreme(items, guessed, least=least)
        return Extreme(tuple(best), known=False) if 0 < len(best) < len(items) else None
    best = _extreme(items, told, least=least)
    return Extreme(tuple(best), level=len(best) == len(items)) if best else None


def degree_of(item: Item, asked: Sequence[Condition]) -> float | None:
    """How much of what conditions ask for an item has; None where none of it is known.

    >>> film = Item("1", "Dusk", {"scares": 2, "moods": ("tense", "dark")})
    >>> degree_of(film, [Constraint(field="scares", op=Op.AT_LEAST, value=2)])
    2.0
    >>> degree_of(film, [Constraint(field="moods", op=Op.ANY_OF, value=("dark",))])
    1.0
    >>> degree_of(film, [Constraint(field="sadness", op=Op.AT_LEAST, value=2)]) is None
    True
    """
    degrees = [degree for one in asked for leaf in leaves(one) if (degree := _degree(item, leaf)) is not None]
    return sum(degrees) if degrees else None


def _degree(item: Item, leaf: Constraint) -> float | None:
    value = item.attributes.get(leaf.field)
    if value is None:
        return None
    if leaf.op in AMOUNTS and isinstance(value, int | float) and leaf.op is not Op.BETWEEN:
        return float(value) if leaf.op in _UPWARD else -float(value)
    return float(bool(holds(item, leaf)))


def _extreme(items: Sequence[Item], degrees: Mapping[str, float], *, least: bool) -> list[Item]:
    if not degrees:
        return []
    top = min(degrees.values()) if least else max(degrees.values())
    return [item for item in items if degrees.get(item.id) == top]


def _likely(item: Item, asked: Sequence[Condition], catalog: Catalog) -> float:
    """The share of items with one of an item's labels that have one asked for, on average over these labels."""
    shares = list[float]()
    for leaf in (leaf for one in asked for leaf in leaves(one) if leaf.op is Op.ANY_OF):
        rows = catalog.postings(leaf.field)
        wanted = {row for value in values_of(leaf) for row in rows.get(str(value).casefold(), ())}
        for label in as_tags(item.attributes.get(leaf.field)):
            own = set(rows.get(label.casefold(), ()))
            if len(own) >= MIN_LABELLED:
                shares.append(len(own & wanted) / len(own))
    return mean(shares) if shares else 0.0
