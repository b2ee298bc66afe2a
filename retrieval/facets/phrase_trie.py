"""Many phrases looked up in a message at once: the longest that starts at a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from tastemaker.retrieval.facets.words import SKIPPED, Word

MAX_SKIPPED = 2
"""Emphatic words that may stand inside one phrase."""

P = TypeVar("P")


class _Node(Generic[P]):
    __slots__ = ("found", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node[P]] = {}
        self.found: list[P] = []


class PhraseTrie(Generic[P]):
    """Phrases by the keys of their words, each with what it stands for; one may stand for several."""

    def __init__(self, phrases: Iterable[tuple[Sequence[str], P]]) -> None:
        self._root: _Node[P] = _Node()
        self.vocabulary: set[str] = set()
        for keys, meaning in phrases:
            if keys:
                self._add(keys, meaning)

    def _add(self, keys: Sequence[str], meaning: P) -> None:
        node = self._root
        for key in keys:
            following = node.next.get(key)
            if following is None:
                following = node.next[key] = _Node()
            node = following
        self.vocabulary.update(keys)
        if meaning not in node.found:
            node.found.append(meaning)

    def longest(self, words: Sequence[Word], start: int) -> tuple[int, list[P]] | None:
        """Where the longest phrase that begins at word ``start`` ends, and what it stands for.

        >>> from tastemaker.retrieval.facets.words import words_of
        >>> trie = PhraseTrie([(("make", "my", "cry"), "sad")])
        >>> trie.longest(words_of("made to make us really cry now"), 2)
        (6, ['sad'])
        """
        node, at, skipped = self._root, start, 0
        best: tuple[int, list[P]] | None = None
        while at < len(words):
            following = node.next.get(words[at].key)
            if following is not None:
                node = following
                if node.found:
                    best = at + 1, node.found
            elif at > start and words[at].text in SKIPPED and skipped < MAX_SKIPPED:
                skipped += 1
            else:
                break
            at += 1
        return best

    def all(self, words: Sequence[Word]) -> Iterator[tuple[int, int, list[P]]]:
        """Phrases from left to right that do not overlap: first word, word behind the last, meanings."""
        at = 0
        while at < len(words):
            best = self.longest(words, at)
            if best is None:
                at += 1
            else:
                yield at, best[0], best[1]
                at = best[0]
