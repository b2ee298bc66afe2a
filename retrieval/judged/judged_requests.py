"""Requests in several wordings, each with the items that somebody who knows them would show.

In information retrieval such judgements are called qrels; a shop assistant would call them shelves. They are no
statement about an item, so nothing of them is shown: they teach a ranking
(:mod:`tastemaker.retrieval.judged.judged_index`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class JudgedRequest:
    """One wish.

    Attributes:
        wordings: how people say it, at least one.
        fits: ids of items that clearly fit, the best first.
        arguable: ids of items that do so arguably.
        wrong: ids of items that look as if they fitted and do not.
    """

    wordings: tuple[str, ...]
    fits: tuple[str, ...]
    arguable: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


def keep_known(requests: Iterable[JudgedRequest], known: Collection[str]) -> list[JudgedRequest]:
    """The requests with those items that a catalogue has; without requests that none of them fits."""
    return [
        replace(
            one,
            fits=fits,
            arguable=tuple(i for i in one.arguable if i in known),
            wrong=tuple(i for i in one.wrong if i in known),
        )
        for one in requests
        if one.wordings and (fits := tuple(i for i in one.fits if i in known))
    ]
