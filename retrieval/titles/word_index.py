"""The words of all titles: which titles hold a word, and which word a misspelt one may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.text.edit_distance import NearStrings

MAX_ROWS = 2_000
"""Rows looked at where words are common."""


class TitleWords:
    """Postings of the words of normalised titles, one title a row."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._titles = titles
        self._ids: dict[str, int] = {}
        words, rows = self._occurrences()
        self._near = NearStrings(self._ids)
        order = np.argsort(words, kind="stable")
        self._rows = rows[order]
        self._starts = np.searchsorted(words[order], np.arange(len(self._ids) + 1))

    def __contains__(self, word: str) -> bool:
        return word in self._ids

    def count(self, word: str) -> int:
        """How many titles hold a word."""
        return len(self._postings(word))

    def holding(self, words: Iterable[str]) -> npt.NDArray[np.int32]:
        """Rows of the titles that hold all the words, ascending; the rarest word decides the cost."""
        postings = sorted((self._postings(word) for word in set(words)), key=len)
        found = postings[0] if postings else self._rows[:0]
        for rows in postings[1:]:
            if not len(found):
                break
            at = np.minimum(np.searchsorted(rows, found), len(rows) - 1)
            found = found[rows[at] == found]
        return found

    def with_part(self, part: str) -> list[int]:
        """Rows of the titles that hold these words one behind the other; none where they are too common."""
        rows = self.holding(part.split(" "))
        if len(rows) > MAX_ROWS:
            return []
        return [int(row) for row in rows if f" {part} " in f" {self._titles[row]} "]

    def alike(self, words: Sequence[str], most: int) -> list[int]:
        """Rows of titles that share the rarer of the words, for a suggestion; at most ``most``."""
        known = sorted({word for word in words if word in self._ids}, key=self.count)
        found: dict[int, None] = {}
        for word in known[:3]:
            found.update(dict.fromkeys(self._postings(word)[: most - len(found)].tolist()))
        return list(found)

    def near(self, word: str, most: int) -> list[tuple[str, int]]:
        """Words at most ``most`` letters off, with how many, the nearest first."""
        return self._near.near(word, most)

    def _postings(self, word: str) -> npt.NDArray[np.int32]:
        at = self._ids.get(word)
        return self._rows[:0] if at is None else self._rows[self._starts[at] : self._starts[at + 1]]

    def _occurrences(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        counts = np.zeros(len(self._titles), np.int32)
        words = np.fromiter(self._word_ids(counts), np.int32)
        return words, np.repeat(np.arange(len(self._titles), dtype=np.int32), counts)

    def _word_ids(self, counts: npt.NDArray[np.int32]) -> Iterator[int]:
        for row, title in enumerate(self._titles):
            distinct = set(title.split(" "))
            counts[row] = len(distinct)
            for word in distinct:
                yield self._ids.setdefault(word, len(self._ids))
