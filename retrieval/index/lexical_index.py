"""Find items by the words that their fields hold: BM25 over all fields, with bm25s.

Lù, "BM25S: Orders of magnitude faster lexical search via eager sparse scoring" (2024): what
a word is worth in an item is computed when the index is built, so that a query only adds up
columns of a sparse matrix, which is read from disk as needed.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from tastemaker.retrieval.atomic_write import replace_folder
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.item_text import full_text, stated_attributes
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.retrieval.index.compounds import Compounds
from tastemaker.retrieval.text.tokens import tokens

if TYPE_CHECKING:
    from bm25s import BM25

FOLDER = "lexical"
CARD = "belongs.json"
FORMAT = 1
"""Raised when the way texts are cut into words changes."""

MAX_POSTINGS = 1_000_000
"""A query's words are looked up from the rarest on, until so many entries have been added up."""


class LexicalIndex:
    """The words of one catalogue; made by :meth:`build`, opened by :meth:`open`. Safe to share between threads."""

    def __init__(self, bm25: BM25, catalog: Catalog) -> None:
        self._bm25 = bm25
        self._catalog = catalog
        self._n_items = len(catalog)
        self._held = np.diff(bm25.scores["indptr"])

    @classmethod
    def build(cls, folder: Path, catalog: Catalog, progress: bool = True) -> LexicalIndex:
        """Index the words of all fields and write them to ``folder/lexical``, replacing what is there.

        Args:
            folder: of the index; nothing in it depends on the folder's place or name.
            catalog: the items, at least one.
            progress: show a bar on standard error.
        """
        from bm25s import BM25

        vocabulary: dict[str, int] = {}
        stated = stated_attributes(catalog.schema)
        texts = (full_text(item, stated) for item in catalog)
        bar = tqdm(texts, total=len(catalog), desc="words", unit="item", disable=not progress)
        bm25 = BM25()
        bm25.index(
            (_number_words(bar, vocabulary), vocabulary), create_empty_token=False, show_progress=False
        )
        with replace_folder(folder / FOLDER) as fresh:
            bm25.save(fresh, show_progress=False)
            (fresh / CARD).write_text(json.dumps(_belonging(catalog)), encoding="utf-8")
        return cls.open(folder, catalog)

    @classmethod
    def open(cls, folder: Path, catalog: Catalog) -> LexicalIndex:
        """Map what :meth:`build` wrote into memory.

        Raises:
            WorkspaceError: missing, broken, of another catalogue or an older version.
        """
        from bm25s import BM25

        path = folder / FOLDER
        again = "run `tastemaker build` again"
        try:
            card = json.loads((path / CARD).read_text(encoding="utf-8"))
            if card != _belonging(catalog):
                raise WorkspaceError(f"the word index in {path} is of another catalogue or version; {again}")
            return cls(BM25.load(path, mmap=True), catalog)
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise WorkspaceError(f"cannot read the word index in {path} ({error}); {again}") from error

    def scores(self, text: str) -> npt.NDArray[np.float32]:
        """Which share of the text's words, by their weight, each item holds: float32[n_items], 0 to 1.

        A word weighs more the fewer items hold it; one that no item holds weighs most, and
        nobody gets its share. In full an item gets it only for a word it holds again and again.
        """
        words = list(dict.fromkeys(tokens(text)))
        known = self._affordable([self._bm25.vocab_dict[w] for w in words if w in self._bm25.vocab_dict])
        compounds = self._of_compounds(words)
        if not known and compounds is None:
            return np.zeros(self._n_items, dtype=np.float32)
        most = float(sum(self._weight(int(self._held[word])) for word in known))
        most += self._weight(0) * sum(word not in self._bm25.vocab_dict for word in words)
        scores = np.zeros(self._n_items, dtype=np.float32)
        if known:
            scores = self._bm25.get_scores_from_ids(known) / np.float32(most)
        return scores if compounds is None else np.maximum(scores, compounds)

    def _of_compounds(self, words: Sequence[str]) -> npt.NDArray[np.float32] | None:
        """The share of the words that each item holds at the end of compounds: float32[n_items]; None for no word."""
        if self._compounds is None:
            return None
        ids = [[self._bm25.vocab_dict[one] for one in self._compounds.ending_in(word)] for word in words]
        if not any(ids):
            return None
        parts = [self._bm25.get_scores_from_ids(self._affordable(one)) > 0 for one in ids if one]
        held: npt.NDArray[np.float32] = np.stack(parts).sum(axis=0, dtype=np.float32)
        return held / np.float32(len(words))

    @cached_property
    def _compounds(self) -> Compounds | None:
        return Compounds.of(self._bm25.vocab_dict, self._catalog)

    @property
    def vocabulary(self) -> Mapping[str, int]:
        """All words, as :func:`tastemaker.retrieval.text.tokens.tokens` gives them, with their numbers."""
        words: dict[str, int] = self._bm25.vocab_dict
        return words

    @property
    def held(self) -> npt.NDArray[np.int64]:
        """How many items hold each word, int64[n_words]."""
        held: npt.NDArray[np.int64] = self._held
        return held

    def share_of_items(self, word: str) -> float:
        """The share of items that hold a word (as :func:`tastemaker.retrieval.text.tokens.tokens` gives it)."""
        number = self._bm25.vocab_dict.get(word)
        return 0.0 if number is None else float(self._held[number]) / self._n_items

    def _affordable(self, words: list[int]) -> list[int]:
        """The rarest of the words, at least one, that together cost no more than ``MAX_POSTINGS``."""
        words = sorted(words, key=lambda word: int(self._held[word]))
        within = np.cumsum(self._held[words]) <= MAX_POSTINGS
        return words[: max(1, int(within.sum()))] if words else []

    def _weight(self, held: int) -> float:
        """Inverse document frequency as bm25s computes it for Lucene's BM25."""
        return float(np.log1p((self._n_items - held + 0.5) / (held + 0.5)))


def _number_words(texts: Iterable[str], vocabulary: dict[str, int]) -> list[array[int]]:
    """Each text as the numbers of its words; new words are added to the vocabulary."""
    return [
        array("i", (vocabulary.setdefault(word, len(vocabulary)) for word in tokens(text))) for text in texts
    ]


def _belonging(catalog: Catalog) -> dict[str, str | int]:
    return {"format": FORMAT, "content_hash": catalog.stated_hash, "items": len(catalog)}
