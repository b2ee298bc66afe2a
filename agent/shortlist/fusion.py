"""Several ranked lists into one: a weighted sum of standardised scores (CombSUM after z-normalisation).

Fox and Shaw, "Combination of Multiple Searches" (TREC-2, 1994). Reciprocal rank fusion
was tried first: with lists that hardly overlap, any weight above one lets a whole list
pass before the first item of the other (LOG.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tastemaker.tools.candidates import Candidates, Source

WEIGHTS: Mapping[str, float] = {
    "rank": 1.0,
    "retrieve": 1.0,
    "similar": 0.5,
    "filter": 0.5,
    "suit": 24.0,
    "named": 16.0,
}
"""Set by hand, for where no conversations were learned from. Unknown tools count 1."""

CHOICE = "choose"
"""What a card's sources call the model's choice."""

CONVERSATION = "conversation"
BESIDE_CONVERSATION: Mapping[str, float] = {
    CONVERSATION: 20.0,
    "rank": 0.25,
    "retrieve": 1.0,
    "similar": 0.5,
    "filter": 0.5,
}
"""That ranker weighs the other tools' evidence already, by what logged conversations taught: at 20 it has
what can be had on ReDial, and a search that fits far better than all else still comes first. The personal
ranking at 1, as without that ranker, costs .004 of NDCG@10 (LOG.md)."""

STEP_BESIDE_CONVERSATION: Mapping[str, float] = {
    "rank": 0.0,
    "retrieve": 0.2,
    "similar": 0.2,
    "filter": 0.2,
}
"""The same for the lists that steps of exploration find, from their round on. Fitted on ReDial's conversations by
:mod:`tastemaker.evals.studies.explore_study` beside a weight of 10, out of 0, .1, .25, .5 and 1: a further personal
ranking costs at any weight, the others add a little, and four of five folds choose .1, which is .2 beside 20
(LOG.md)."""


@dataclass(frozen=True, slots=True)
class Fused:
    """One item on the fused list, with its place in every list that has it."""

    id: str
    score: float
    sources: tuple[Source, ...]


def fuse(lists: Sequence[Candidates], weight: Callable[[Candidates], float] | None = None) -> list[Fused]:
    """All items of the lists, the best first; ties keep the order of first appearance.

    An item that a list does not hold gets that list's lowest score, the most it can have had; beside titles that a
    model named, the score of a typical item. What a list counts
    is told by ``weight``, or by :func:`weight_of`.

    >>> a = Candidates("rank", ranked=(("x", 3.0), ("y", 2.5)))
    >>> b = Candidates("retrieve", ranked=(("y", 2.0), ("z", 1.0)))
    >>> [(f.id, f.score, *(s.label() for s in f.sources)) for f in fuse([a, b])]
    [('y', 4.5, 'rank() #2', 'retrieve() #1'), ('x', 4.0, 'rank() #1'), ('z', 3.5, 'retrieve() #2')]
    """
    beside = has_conversation_list(lists)
    held = [dict(found.ranked) for found in lists]
    order = list(dict.fromkeys(item_id for found in lists for item_id, _ in found.ranked))
    total = dict.fromkeys(order, 0.0)
    sources: dict[str, list[Source]] = {item_id: [] for item_id in order}
    for found, scores in zip(lists, held, strict=True):
        least = 0.0 if found.tool == "named" else min(scores.values(), default=0.0)
        counts = (
            weight(found)
            if weight
            else weight_of(found.tool, step=found.round > 0, beside_conversation=beside)
        )
        for item_id in order:
            total[item_id] += counts * scores.get(item_id, least)
        for place, (item_id, score) in enumerate(found.ranked, 1):
            sources[item_id].append(found.source(place, round(counts * (score - least), 4), item_id))
    ranked = sorted(order, key=lambda item_id: -total[item_id])
    return [Fused(item_id, total[item_id], tuple(sources[item_id])) for item_id in ranked]


def has_conversation_list(lists: Sequence[Candidates]) -> bool:
    """Whether a ranker that learned from conversations is among those who found the lists."""
    return any(found.tool == CONVERSATION and found.ranked for found in lists)


def weight_of(tool: str, *, step: bool, beside_conversation: bool) -> float:
    """What a list counts, by its tool, by whether a step of exploration found it, and by who else was asked."""
    if not beside_conversation:
        return WEIGHTS.get(tool, 1.0)
    return (STEP_BESIDE_CONVERSATION if step else BESIDE_CONVERSATION).get(tool, 1.0)
