"""The files of a text index beside Chroma's: its card, the vectors in row order, hashes of their texts.

The card is written last, so an index that has one with a catalogue's hash is whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.retrieval.index.embedder import Vectors
from tastemaker.retrieval.index.embedder_fingerprint import ModelMark
from tastemaker.retrieval.index.vector_cache import TextHashes, VectorCache

FORMAT: Literal[2] = 2
"""Raised when an index of an older version can no longer be read."""
CARD, MATRIX, TEXTS = "index.json", "vectors.npy", "texts.npy"


class IndexCard(BaseModel):
    """What an index says of itself.

    Attributes:
        format: of the whole folder.
        collection: the name of its collection in Chroma.
        embedder, probe: the mark of the model.
        content_hash: of the catalogue; empty while the index is being made.
        items: how many.
    """

    model_config = ConfigDict(frozen=True)

    format: Literal[2] = FORMAT
    collection: str
    embedder: str
    probe: tuple[float, ...]
    content_hash: str = ""
    items: int = 0

    @property
    def model(self) -> ModelMark:
        """The model that made the vectors."""
        return ModelMark(self.embedder, np.array(self.probe, dtype=np.float32))


def read_card(folder: Path) -> IndexCard | None:
    """The card of a folder; None where there is none that this version reads."""
    try:
        return IndexCard.model_validate_json((folder / CARD).read_bytes())
    except (OSError, ValidationError):
        return None


def write_card(folder: Path, card: IndexCard) -> None:
    """Put a card in the place of the old one, atomically."""
    part = folder / f".{CARD}"
    part.write_text(card.model_dump_json(), encoding="utf-8")
    part.replace(folder / CARD)


def read_matrix(folder: Path, n_items: int) -> Vectors:
    """The vectors, float32[n_items, d], mapped into memory: what is not looked at is not read.

    Raises:
        WorkspaceError: missing, truncated, or of another shape.
    """
    path = folder / MATRIX
    try:
        # "c": PyTorch wants to be able to write; nothing reaches the file.
        vectors: Vectors = np.load(path, mmap_mode="c", allow_pickle=False)
    except (OSError, EOFError, ValueError) as error:
        raise WorkspaceError(
            f"{path} is no matrix of vectors ({error}); run `tastemaker build` again"
        ) from error
    if vectors.ndim != 2 or len(vectors) != n_items or vectors.dtype != np.float32:
        shape = f"{vectors.dtype}{list(vectors.shape)}"
        raise WorkspaceError(f"{path} holds {shape}, not {n_items} vectors; run `tastemaker build` again")
    return vectors


def write_matrix(
    folder: Path,
    parts: Iterable[tuple[npt.NDArray[np.int64], Vectors]],
    shape: tuple[int, int],
    hashes: TextHashes,
) -> None:
    """Write the vectors from ``(rows, their vectors)``, never holding all, and the hashes of their texts."""
    part = folder / f".{MATRIX}"
    vectors = np.lib.format.open_memmap(part, mode="w+", dtype=np.float32, shape=shape)
    _reserve(part)
    for rows, own in parts:
        vectors[rows] = own
    vectors.flush()
    del vectors
    (folder / TEXTS).unlink(missing_ok=True)  # the old hashes never stand beside the new vectors
    part.replace(folder / MATRIX)
    part = folder / f".{TEXTS}"
    np.save(part, hashes, allow_pickle=False)
    part.replace(folder / TEXTS)


def _reserve(file: Path) -> None:
    """Take a file's whole size on the disk now: writing to a map of a full disk would kill the process.

    Raises:
        OSError: there is no room.
    """
    if hasattr(os, "posix_fallocate"):
        with file.open("r+b") as opened:
            os.posix_fallocate(opened.fileno(), 0, max(1, file.stat().st_size))


def read_vector_cache(folder: Path) -> VectorCache:
    """The vectors of an earlier build in this folder; none where its files are missing or damaged."""
    try:
        hashes: TextHashes = np.load(folder / TEXTS, allow_pickle=False)
        return VectorCache(read_matrix(folder, len(hashes)), hashes)
    except (OSError, EOFError, ValueError, WorkspaceError):
        return VectorCache.none()
