"""Strings a few letters off, without a look at all of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

MOST_LOOKED_AT = 20_000
"""Strings compared for one query and one end; a shared beginning of a single letter is no clue in a million."""

TWO_EDITS_SHARE = 2
"""Letters at either end that two edits leave alone."""


class NearStrings:
    """Words in order, forwards and backwards.

    Of two strings one edit apart, at least one half is the same (the letters in the middle
    left out, for a swap across it); of two edits, all but always two letters at either end.
    So only strings that share this beginning or end are compared.
    """

    def __init__(self, strings: Collection[str]) -> None:
        self._forwards = sorted(strings)
        self._backwards = sorted(text[::-1] for text in strings)

    def near(self, text: str, most: int) -> list[tuple[str, int]]:
        """Strings at most ``most`` edits away (OSA: a swap is one), with the edits, the nearest first.

        >>> NearStrings(["heat", "heart", "wheat"]).near("haet", 1)
        [('heat', 1)]
        """
        if most < 1 or not text:
            return []
        share = max(1, (len(text) - 1) // 2) if most == 1 else TWO_EDITS_SHARE
        found = dict(_compared(self._forwards, text, share, most))
        found.update((a[::-1], edits) for a, edits in _compared(self._backwards, text[::-1], share, most))
        return sorted(found.items(), key=lambda pair: (pair[1], pair[0]))


def _compared(ordered: list[str], text: str, share: int, most: int) -> Iterator[tuple[str, int]]:
    start = text[:share]
    low = bisect_left(ordered, start)
    high = bisect_left(ordered, start + "\U0010ffff", low)
    alike = [
        one
        for one in islice(ordered, low, min(high, low + MOST_LOOKED_AT))
        if abs(len(one) - len(text)) <= most
    ]
    for one, edits, _ in process.extract(text, alike, scorer=OSA.distance, score_cutoff=most, limit=None):
        yield one, int(edits)
