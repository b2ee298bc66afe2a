"""Several ranked lists into one: weighted reciprocal rank fusion.

Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and
individual Rank Learning Methods" (SIGIR 2009): score(d) = sum over lists of
w / (c + rank of d in the list).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tastemaker.tools.candidates import Candidates

RANK_OFFSET = 60
"""The constant c of the paper."""

WEIGHTS: Mapping[str, float] = {"rank": 1.0, "retrieve": 1.5, "similar": 0.7, "filter": 0.3}
"""Set by hand: what a person asks for now outweighs what they took before. Unknown tools count 1."""


@dataclass(frozen=True, slots=True)
class Fused:
    """One item on the fused list, with its place in every list that has it."""

    id: str
    score: float
    sources: tuple[str, ...]


def fuse(lists: Sequence[Candidates], weights: Mapping[str, float] = WEIGHTS) -> list[Fused]:
    """All items of the lists, the best first; ties keep the order of first appearance.

    >>> a = Candidates("rank", ranked=(("x", 3.0), ("y", 2.0)))
    >>> b = Candidates("retrieve", ranked=(("y", 0.9),))
    >>> [(f.id, round(f.score, 4), f.sources) for f in fuse([a, b])]
    [('y', 0.0407, ('rank() #2', 'retrieve() #1')), ('x', 0.0164, ('rank() #1',))]
    """
    scores: dict[str, float] = {}
    sources: dict[str, list[str]] = {}
    for found in lists:
        for place, (item_id, _) in enumerate(found.ranked, 1):
            gain = weights.get(found.tool, 1.0) / (RANK_OFFSET + place)
            scores[item_id] = scores.get(item_id, 0.0) + gain
            sources.setdefault(item_id, []).append(f"{found.label()} #{place}")
    order = sorted(scores, key=lambda item_id: -scores[item_id])
    return [Fused(item_id, scores[item_id], tuple(sources[item_id])) for item_id in order]
