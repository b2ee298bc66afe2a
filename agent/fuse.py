"""Several ranked lists into one: a weighted sum of standardised scores (CombSUM after z-normalisation).

Fox and Shaw, "Combination of Multiple Searches" (TREC-2, 1994). Reciprocal rank fusion
was tried first: with lists that hardly overlap, any weight above one lets a whole list
pass before the first item of the other (LOG.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tastemaker.tools.candidates import Candidates

WEIGHTS: Mapping[str, float] = {
    "conversation": 20.0,
    "rank": 1.0,
    "retrieve": 1.0,
    "similar": 0.5,
    "filter": 0.5,
}
"""Set by hand, but for ``conversation``: that ranker weighs the other tools' evidence already, by what logged
conversations taught, and next to it what ranks by history alone only takes away. On ReDial, with conditions read
from requests only, 20 instead of 10 gains .007 NDCG@10 (LOG.md); more gains little, and a search that fits far
better than all else should still come first. Unknown tools count 1."""


@dataclass(frozen=True, slots=True)
class Fused:
    """One item on the fused list, with its place in every list that has it."""

    id: str
    score: float
    sources: tuple[str, ...]


def fuse(lists: Sequence[Candidates], weights: Mapping[str, float] = WEIGHTS) -> list[Fused]:
    """All items of the lists, the best first; ties keep the order of first appearance.

    An item that a list does not hold gets that list's lowest score, the most it can have had.

    >>> a = Candidates("rank", ranked=(("x", 3.0), ("y", 2.5)))
    >>> b = Candidates("retrieve", ranked=(("y", 2.0), ("z", 1.0)))
    >>> [(f.id, f.score, f.sources) for f in fuse([a, b])]
    [('y', 4.5, ('rank() #2', 'retrieve() #1')), ('x', 4.0, ('rank() #1',)), ('z', 3.5, ('retrieve() #2',))]
    """
    held = [dict(found.ranked) for found in lists]
    order = list(dict.fromkeys(item_id for found in lists for item_id, _ in found.ranked))
    total = dict.fromkeys(order, 0.0)
    for found, scores in zip(lists, held, strict=True):
        least = min(scores.values(), default=0.0)
        for item_id in order:
            total[item_id] += weights.get(found.tool, 1.0) * scores.get(item_id, least)
    places = [
        (found.label(), {item_id: n for n, (item_id, _) in enumerate(found.ranked, 1)}) for found in lists
    ]
    ranked = sorted(order, key=lambda item_id: -total[item_id])
    return [Fused(item_id, total[item_id], _sources(item_id, places)) for item_id in ranked]


def _sources(item_id: str, places: Sequence[tuple[str, Mapping[str, int]]]) -> tuple[str, ...]:
    return tuple(f"{label} #{place[item_id]}" for label, place in places if item_id in place)
