"""Find items by single phrases: the tag or label that comes closest to a wish.

A vector of a whole text blurs what is said in two words. Here each distinct value of
the descriptive attributes has a vector of its own, and an item scores as its best one
does ("a heist gone wrong" against the theme "heist gone wrong").
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from tastemaker.retrieval.atomic_write import replaced_file
from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.embedder import TextEmbedder, Vectors
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.retrieval.item_text import descriptive_values, name_attributes

FILE = "phrases.npz"
BATCH = 512


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
        cls, folder: Path, catalog: Catalog, embedder: TextEmbedder, progress: bool = True
    ) -> PhraseIndex:
        """Embed the distinct phrases of a catalogue and write them to ``folder``, atomically."""
        names = name_attributes(catalog)
        held = [[value.casefold() for value in descriptive_values(item, catalog, names)] for item in catalog]
        number = {text: n for n, text in enumerate(dict.fromkeys(t for texts in held for t in texts))}
        index = cls(
            _encoded(list(number), embedder, progress),
            np.array([number[text] for texts in held for text in texts], dtype=np.int32),
            np.concatenate([[0], np.cumsum([len(texts) for texts in held])]).astype(np.int64),
        )
        with replaced_file(folder / FILE) as file:
            np.savez(file, vectors=index.vectors, phrase=index.phrase, offsets=index.offsets)
        return index

    @classmethod
    def open(cls, folder: Path, catalog: Catalog) -> PhraseIndex:
        """Read what :meth:`build` wrote.

        Raises:
            WorkspaceError: missing, broken, or of a catalogue of another size.
        """
        try:
            with np.load(folder / FILE, allow_pickle=False) as arrays:
                index = cls(arrays["vectors"], arrays["phrase"], arrays["offsets"])
        except (OSError, ValueError, KeyError) as error:
            raise WorkspaceError(
                f"cannot read {folder / FILE} ({error}); build the workspace again"
            ) from error
        if len(index.offsets) != len(catalog) + 1:
            raise WorkspaceError(f"{folder / FILE} belongs to another catalogue; build the workspace again")
        return index

    def scores(self, vector: Vectors) -> npt.NDArray[np.float32]:
        """Each item's best cosine with ``vector`` float32[d]; 0 for items without phrases. float32[n_items]."""
        best = np.zeros(len(self.offsets) - 1, dtype=np.float32)
        some = np.flatnonzero(np.diff(self.offsets))
        if len(some):
            cosines = (self.vectors @ vector)[self.phrase]
            best[some] = np.maximum.reduceat(cosines, self.offsets[some])
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


def _encoded(texts: list[str], embedder: TextEmbedder, progress: bool) -> Vectors:
    if not texts:
        return np.zeros((0, len(embedder.encode_query("size"))), dtype=np.float32)
    starts = tqdm(range(0, len(texts), BATCH), desc="embedding phrases", unit="batch", disable=not progress)
    return np.concatenate([embedder.encode(texts[start : start + BATCH]) for start in starts])
