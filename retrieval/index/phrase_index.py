"""Find items by single phrases: the tag or label that comes closest to a wish.

A vector of a whole text blurs what is said in two words. Here each distinct value of
the descriptive attributes has a vector of its own, and an item scores as its best one
does ("a heist gone wrong" against the theme "heist gone wrong").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.item_text import descriptive_values, name_attributes
from tastemaker.retrieval.index.catalog_arrays import (
    UNREADABLE,
    Arrays,
    read_arrays,
    read_own_vectors,
    save_vectors,
)
from tastemaker.retrieval.index.embedder import TextEmbedder, Vectors
from tastemaker.retrieval.index.embedder_fingerprint import ModelMark
from tastemaker.retrieval.index.vector_cache import VectorCache, text_hashes

FILE = "phrases.npz"
BATCH = 4096
"""Phrases given to the embedder at once, which sorts them by length: 512 take 16 % longer (LOG.md, "asks")."""


@dataclass(frozen=True)
class PhraseIndex:
    """Vectors of the distinct phrases, and which item has which.

    Attributes:
        vectors: unit vectors of the phrases, float32[n_phrases, d].
        phrase: phrase numbers of all items one after the other, int32[n].
        offsets: item r has ``phrase[offsets[r]:offsets[r + 1]]``, int64[n_items + 1].
    """

    vectors: Vectors
    phrase: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]

    @classmethod
    def build(
        cls,
        folder: Path,
        catalog: Catalog,
        embedder: TextEmbedder,
        progress: bool = True,
        say: Callable[[str], None] = lambda _: None,
    ) -> PhraseIndex:
        """Embed the distinct phrases of a catalogue and write them to ``folder``, atomically.

        Phrases that an earlier index in the folder has, made by the same model, are not embedded again.
        ``say`` is told how many were and how many were kept.
        """
        names, model = name_attributes(catalog), ModelMark.of(embedder)
        held = [[value.casefold() for value in descriptive_values(item, catalog, names)] for item in catalog]
        number = {text: n for n, text in enumerate(dict.fromkeys(t for texts in held for t in texts))}
        kept = read_cache([folder / FILE], model)
        vectors, embedded = embed_phrases(list(number), embedder, kept, progress, "phrases")
        say(f"phrases: {embedded:,} embedded, {len(number) - embedded:,} kept")
        index = cls(
            vectors,
            np.array([number[text] for texts in held for text in texts], dtype=np.int32),
            np.concatenate([[0], np.cumsum([len(texts) for texts in held])]).astype(np.int64),
        )
        arrays: Arrays = {
            "vectors": index.vectors,
            "phrase": index.phrase,
            "offsets": index.offsets,
            "hashes": text_hashes(list(number)),
        }
        save_vectors(folder / FILE, catalog, model, arrays)
        return index

    @classmethod
    def open(cls, folder: Path, catalog: Catalog, embedder: TextEmbedder) -> PhraseIndex:
        """Read what :meth:`build` wrote.

        Raises:
            WorkspaceError: missing, broken, or of another catalogue or embedding model.
        """
        return cls(*read_own_vectors(folder / FILE, catalog, embedder, "vectors", "phrase", "offsets"))

    def scores(self, vector: Vectors) -> npt.NDArray[np.float32]:
        """Each item's best cosine with ``vector`` float32[d]; 0 for items without phrases. float32[n_items]."""
        best = np.zeros(len(self.offsets) - 1, dtype=np.float32)
        some = np.flatnonzero(np.diff(self.offsets))
        if len(some):
            cosines = (self.vectors @ vector)[self.phrase]
            best[some] = np.maximum.reduceat(cosines, self.offsets[some])
        return best

    def scores_of(self, rows: npt.NDArray[np.int64], vector: Vectors) -> npt.NDArray[np.float32]:
        """As :meth:`scores` for some rows only, float32[n]."""
        begins, lengths = self.offsets[rows], self.offsets[rows + 1] - self.offsets[rows]
        best = np.zeros(len(rows), dtype=np.float32)
        if not lengths.sum():
            return best
        item = np.repeat(np.arange(len(rows)), lengths)
        at = np.arange(len(item)) - np.repeat(np.cumsum(lengths) - lengths - begins, lengths)
        distinct, place = np.unique(self.phrase[at], return_inverse=True)
        cosines = (self.vectors[distinct] @ vector)[place]
        some = np.flatnonzero(lengths)
        best[some] = np.maximum.reduceat(cosines, (np.cumsum(lengths) - lengths)[some])
        return best

    def nearest(self, row: int, vector: Vectors) -> tuple[int, float] | None:
        """Which of an item's phrases is nearest to ``vector`` float32[d], and its cosine; None without phrases.

        The place counts the values of ``descriptive_values`` from 0.
        """
        own = self.phrase[self.offsets[row] : self.offsets[row + 1]]
        if not len(own):
            return None
        cosines = self.vectors[own] @ vector
        place = int(np.argmax(cosines))
        return place, float(cosines[place])


def read_cache(files: Iterable[Path], model: ModelMark) -> VectorCache:
    """The vectors of the first of these indexes of phrases that can be read and was made by the same model."""
    for file in files:
        try:
            arrays = read_arrays(file)
            if not ModelMark(str(arrays["model"]), arrays["probe"]).difference(model):
                return VectorCache(arrays["vectors"].astype(np.float32, copy=False), arrays["hashes"])
        except UNREADABLE:
            continue
    return VectorCache.none()


def embed_phrases(
    texts: list[str], embedder: TextEmbedder, kept: VectorCache, progress: bool, label: str
) -> tuple[Vectors, int]:
    """Vectors of some phrases, float32[n, d], and how many of them were not kept; ``label`` names the bar."""
    vectors = np.zeros((len(texts), len(embedder.encode_query("size"))), dtype=np.float32)
    embedded = 0
    for start in tqdm(range(0, len(texts), BATCH), desc=label, unit="batch", disable=not progress):
        batch = slice(start, start + BATCH)
        vectors[batch], n_new = kept.embed_missing(texts[batch], embedder)
        embedded += n_new
    return vectors, embedded
