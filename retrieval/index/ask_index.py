"""Find items by the requests they answer: phrases in which people would ask for each.

Nogueira, Yang, Lin and Cho, "Document Expansion by Query Prediction" (2019, arXiv 1904.08375):
a query meets an item more easily through other queries that it answers than through its
description. The phrases ("asks") are guesses about requests, no statement about an item; they
are searched and never shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.index.catalog_arrays import Arrays, read_own_vectors, save_vectors
from tastemaker.retrieval.index.embedder import TextEmbedder, Vectors
from tastemaker.retrieval.index.embedder_fingerprint import ModelMark
from tastemaker.retrieval.index.phrase_index import embed_phrases, read_cache
from tastemaker.retrieval.index.vector_cache import text_hashes
from tastemaker.retrieval.text.stopwords import STOPWORDS
from tastemaker.retrieval.text.tokens import tokens

FILE = "asks.npz"
CONTAINS = "contains"
"""The attribute of what is to be seen in an item: its words are what people ask for as well."""
MIN_WEIGHT = 1.5
"""A word with a lower inverse document frequency (in nats: more than 22 % of the items hold it) tells nothing."""

Asks = Mapping[str, Sequence[str]]
"""Item id -> phrases in which people would ask for it."""
Column = npt.NDArray[np.float32]


@dataclass(frozen=True)
class AskIndex:
    """Vectors of the distinct asks, which item has which, and the words that they hold.

    Attributes:
        vectors: unit vectors of the asks, float32[n_asks, d].
        phrase: ask numbers of all items one after the other, int32[n].
        offsets: item r has ``phrase[offsets[r]:offsets[r + 1]]``, int64[n_items + 1].
        words: the distinct words of asks, as :func:`tastemaker.retrieval.text.tokens.tokens` gives them.
        rows: the rows of the items that hold each word, one word after the other, int32[m].
        begins: word w is held by ``rows[begins[w]:begins[w + 1]]``, int64[n_words + 1].
    """

    vectors: Vectors
    phrase: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]
    words: Sequence[str]
    rows: npt.NDArray[np.int32]
    begins: npt.NDArray[np.int64]

    @classmethod
    def build(
        cls,
        folder: Path,
        catalog: Catalog,
        asks: Asks,
        embedder: TextEmbedder,
        *,
        kept: Collection[Path] = (),
        progress: bool = True,
        say: Callable[[str], None] = lambda _: None,
    ) -> AskIndex:
        """Embed the distinct asks of a catalogue's items and write the index to ``folder``, atomically.

        Args:
            folder: of the index; nothing in it depends on the folder's place or name.
            catalog: the items.
            asks: of its items; those of others are no matter.
            embedder: makes the vectors.
            kept: folders of earlier indexes, beside ``folder`` itself: what one of them has, made by the
                same model, is not embedded again.
            progress: show a bar on standard error.
            say: is told how many asks were embedded and how many kept.
        """
        model = ModelMark.of(embedder)
        held = [tuple(asks.get(item.id, ())) for item in catalog]
        number = {text: n for n, text in enumerate(dict.fromkeys(t for texts in held for t in texts))}
        before = read_cache([one / FILE for one in (folder, *kept)], model)
        vectors, embedded = embed_phrases(list(number), embedder, before, progress, "asks")
        say(f"asks: {embedded:,} embedded, {len(number) - embedded:,} kept")
        words, rows, begins = _postings(catalog, held)
        arrays: Arrays = {
            "vectors": vectors.astype(np.float16),  # half the size; the cosines differ by less than .001
            "phrase": np.array([number[text] for texts in held for text in texts], dtype=np.int32),
            "offsets": np.concatenate([[0], np.cumsum([len(texts) for texts in held])]).astype(np.int64),
            "words": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
            "rows": rows,
            "begins": begins,
            "hashes": text_hashes(list(number)),
        }
        save_vectors(folder / FILE, catalog, model, arrays)
        return cls.open(folder, catalog, embedder)

    @classmethod
    def open(cls, folder: Path, catalog: Catalog, embedder: TextEmbedder) -> AskIndex:
        """Read what :meth:`build` wrote.

        Raises:
            WorkspaceError: missing, broken, or of another catalogue or embedding model.
        """
        names = ("vectors", "phrase", "offsets", "words", "rows", "begins")
        vectors, phrase, offsets, words, rows, begins = read_own_vectors(
            folder / FILE, catalog, embedder, *names
        )
        listed = words.tobytes().decode().split("\n")
        return cls(vectors.astype(np.float32), phrase, offsets, listed, rows, begins)

    def nearness(self, vectors: Vectors) -> Column:
        """Each item's best cosine with each of some vectors float32[c, d]: float32[c, n_items].

        An item without asks has the mean cosine of all asks: nothing speaks for it or against it.
        """
        cosines = np.ascontiguousarray(
            (self.vectors @ vectors.T).T
        )  # a third quicker than the other way round
        best = np.repeat(cosines.mean(axis=1, keepdims=True), len(self.offsets) - 1, axis=1)
        some = np.flatnonzero(np.diff(self.offsets))
        if len(some):
            best[:, some] = np.maximum.reduceat(cosines[:, self.phrase], self.offsets[some], axis=1)
        return np.asarray(best, dtype=np.float32)

    def means(self) -> Column:
        """The mean vector of each item's asks, float32[n_items, d]; zeros for an item without any."""
        means = np.zeros((len(self.offsets) - 1, self.vectors.shape[1]), dtype=np.float32)
        some = np.flatnonzero(np.diff(self.offsets))
        if len(some):
            sums = np.add.reduceat(self.vectors[self.phrase], self.offsets[some], axis=0)
            means[some] = sums / np.diff(self.offsets)[some, None]
        return means

    def word_share(self, text: str) -> Column:
        """Which share of a text's telling words, by their weight, each item's asks hold: float32[n_items], 0 to 1.

        A word weighs its inverse document frequency; one that no ask holds is not counted.
        """
        share = np.zeros(len(self.offsets) - 1, dtype=np.float32)
        total = 0.0
        for rows, weight in self._find_telling(text):
            share[rows] += weight
            total += weight
        return share / np.float32(total) if total else share

    def weight(self, text: str) -> float:
        """What a text's telling words weigh together; 0 where it has none."""
        return sum(weight for _, weight in self._find_telling(text))

    def _find_telling(self, text: str) -> Iterator[tuple[npt.NDArray[np.int32], float]]:
        """The rows that hold each telling word of a text, and its weight."""
        for word in dict.fromkeys(tokens(text)):
            at = self._number.get(word)
            if at is None or word in STOPWORDS:
                continue
            rows = self.rows[self.begins[at] : self.begins[at + 1]]
            weight = float(np.log((len(self.offsets) - 1) / len(rows)))
            if weight >= MIN_WEIGHT:
                yield rows, weight

    @cached_property
    def _number(self) -> dict[str, int]:
        return {word: at for at, word in enumerate(self.words)}


def _postings(
    catalog: Catalog, held: Sequence[Sequence[str]]
) -> tuple[list[str], npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """The words of asks and of what items contain, with the rows that hold each."""
    contains = CONTAINS in catalog.schema and catalog.schema[CONTAINS].kind is Kind.TAGS
    rows_of: dict[str, list[int]] = {}
    for row, (item, texts) in enumerate(zip(catalog, held, strict=True)):
        tags = item.attributes.get(CONTAINS) if contains else None
        whole = " ".join([*texts, *(map(str, tags) if isinstance(tags, tuple) else ())])
        for word in dict.fromkeys(tokens(whole)):
            rows_of.setdefault(word, []).append(row)
    rows = np.array([row for own in rows_of.values() for row in own], dtype=np.int32)
    begins = np.concatenate([[0], np.cumsum([len(own) for own in rows_of.values()])]).astype(np.int64)
    return list(rows_of), rows, begins
