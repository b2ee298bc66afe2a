"""Finds the items whose whole title a query says, however it is spaced ("spiderman homecoming").

A title's key is its normalised words written together, without its article; of a title with a
subtitle, what stands before it and the subtitle are keys too. Only hashes are kept: 12 bytes a key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.index.catalog_arrays import read_own_arrays, save_arrays
from tastemaker.retrieval.text.normalise import normalise, title_forms

FILE = "title-keys.npz"
MAX_TITLE_WORDS = 8
"""Words of the longest title that is looked for inside a longer query."""
MAX_SAID_WORDS = 64
"""Words of a query, from its beginning, in which titles are looked for."""
PART = 0.6
"""What a main title without its subtitle counts, or another title of the item."""


@dataclass(frozen=True)
class TitleKeys:
    """The keys of a catalogue's titles.

    Attributes:
        key: hashes in order, uint64[n].
        row: of the item, int32[n].
        worth: 1 for a whole title, :data:`PART` for a part of one; float32[n].
    """

    key: npt.NDArray[np.uint64]
    row: npt.NDArray[np.int32]
    worth: npt.NDArray[np.float32]

    @classmethod
    def of(cls, catalog: Catalog) -> TitleKeys:
        """Read a catalogue's titles."""
        found = [(key, row, worth) for row, item in enumerate(catalog) for key, worth in _keys(item.title)]
        key = np.array([one[0] for one in found], dtype=np.uint64)
        order = np.argsort(key, kind="stable")
        row = np.array([one[1] for one in found], dtype=np.int32)
        worth = np.array([one[2] for one in found], dtype=np.float32)
        return cls(key[order], row[order], worth[order])

    def save(self, folder: Path, catalog: Catalog) -> None:
        """Write ``title-keys.npz`` atomically."""
        save_arrays(folder / FILE, catalog, {"key": self.key, "row": self.row, "worth": self.worth})

    @classmethod
    def open(cls, folder: Path, catalog: Catalog) -> TitleKeys:
        """Read what :meth:`save` wrote.

        Raises:
            WorkspaceError: missing, broken or of another catalogue.
        """
        return cls(*read_own_arrays(folder / FILE, catalog, "key", "row", "worth"))

    def said(self, text: str) -> dict[int, tuple[float, float]]:
        """The rows whose title a text says: (what the title counts, the share of the text's words that it is)."""
        words = normalise(text).split(" ")[:MAX_SAID_WORDS]
        found: dict[int, tuple[float, float]] = {}
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + MAX_TITLE_WORDS) + 1):
                for at in self._places(_hash("".join(words[start:end]))):
                    now = (float(self.worth[at]), (end - start) / len(words))
                    row = int(self.row[at])
                    found[row] = max(found.get(row, now), now, key=lambda pair: pair[0] * pair[1])
        return found

    def _places(self, key: int) -> range:
        low = int(np.searchsorted(self.key, np.uint64(key), side="left"))
        high = int(np.searchsorted(self.key, np.uint64(key), side="right"))
        return range(low, high)


def _keys(title: str) -> Iterator[tuple[int, float]]:
    forms = title_forms(title)
    whole = {squeezed for text in (forms.full, forms.bare, forms.whole) if (squeezed := _squeezed(text))}
    parts = {_squeezed(text) for text in (*forms.aliases, *forms.heads, *forms.tails)} - whole - {""}
    yield from ((_hash(text), 1.0) for text in sorted(whole))
    yield from ((_hash(text), PART) for text in sorted(parts))


def _squeezed(normalised: str) -> str:
    return normalised.replace(" ", "")


def _hash(text: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
    )
