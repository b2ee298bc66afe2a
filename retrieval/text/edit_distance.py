"""Strings a few letters off, without a look at all of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import chain, islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

MAX_CANDIDATES = 20_000
"""Strings compared for one query and one end; a shared beginning of a single letter is no clue in a million."""

TWO_EDITS_SHARE = 2
"""Letters at either end that two edits leave alone."""

REMEMBERED = 4_096
"""Queries whose answers are kept: people use few words again and again."""

ByLength = Mapping[int, list[str]]
"""Strings of each length in order."""


class NearStrings:
    """Words in order, forwards and backwards.

    Of two strings one edit apart, at least one half is the same (the letters in the middle
    left out, for a swap across it); of two edits, all but always two letters at either end.
    So only strings that share this beginning or end are compared, and are as long but for the edits.
    """

    def __init__(self, strings: Collection[str]) -> None:
        self._forwards = _by_length(strings)
        self._backwards = _by_length([text[::-1] for text in strings])
        self._remembered = lru_cache(REMEMBERED)(self._find)

    def near(self, text: str, most: int) -> list[tuple[str, int]]:
        """Strings at most ``most`` edits away (OSA: a swap is one), with the edits, the nearest first.

        >>> NearStrings(["heat", "heart", "wheat"]).near("haet", 1)
        [('heat', 1)]
        """
        return list(self._remembered(text, most)) if most > 0 and text else []

    def _find(self, text: str, most: int) -> tuple[tuple[str, int], ...]:
        share = max(1, (len(text) - 1) // 2) if most == 1 else TWO_EDITS_SHARE
        found = dict(_compare(self._forwards, text, share, most))
        found.update((a[::-1], edits) for a, edits in _compare(self._backwards, text[::-1], share, most))
        return tuple(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))


def _by_length(strings: Collection[str]) -> ByLength:
    found: dict[int, list[str]] = {}
    for text in sorted(strings):
        found.setdefault(len(text), []).append(text)
    return found


def _compare(held: ByLength, text: str, share: int, most: int) -> Iterator[tuple[str, int]]:
    lengths = sorted(range(len(text) - most, len(text) + most + 1), key=lambda n: abs(n - len(text)))
    sharing = (_beginning(held.get(length, []), text[:share]) for length in lengths)
    alike = list(islice(chain.from_iterable(sharing), MAX_CANDIDATES))
    for one, edits, _ in process.extract(text, alike, scorer=OSA.distance, score_cutoff=most, limit=None):
        yield one, int(edits)


def _beginning(ordered: list[str], start: str) -> list[str]:
    low = bisect_left(ordered, start)
    return ordered[low : bisect_left(ordered, start + "\U0010ffff", low)]
