"""Item ids in a fixed order: row i of every score vector belongs to ids[i]."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.errors import DataError, WorkspaceError

Rows = npt.NDArray[np.int64]
CHUNK = 10_000


class Vocabulary:
    """The ids that a model knows, in row order; for a workspace's models, the catalogue's ids.

    The ids are kept as one text and a sorted array of their hashes, 12 bytes and the id's own
    letters each: a million strings in a dict would take as much memory as half of their vectors.

    Attributes:
        sha256: hash over the ids in order; equal ids in equal order give an equal hash on any machine.

    Raises:
        DataError: an id that is no string, or one that occurs twice.

    >>> vocabulary = Vocabulary(["a", "b"])
    >>> vocabulary.known_rows(["b", "x", "a"])
    (array([1, 0]), ('x',))
    """

    def __init__(self, ids: Iterable[str]) -> None:
        held = list(ids)
        for row, item_id in enumerate(held):
            if not isinstance(item_id, str):
                raise DataError(f"item ids must be strings, id {row} is {type(item_id).__name__} {item_id!r}")
        self._text = "".join(held)
        self._ends = np.zeros(len(held) + 1, np.uint32)  # id i is text[ends[i]:ends[i + 1]]
        np.cumsum(np.fromiter(map(len, held), np.uint32, len(held)), out=self._ends[1:])
        self.sha256 = _sha256(held)
        hashes = _hashes(held)
        self._order = np.argsort(hashes, kind="stable").astype(np.int32)
        self._hashes = hashes[self._order]  # ascending
        self._refuse_twins()

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[str]:
        return map(self.id, range(len(self)))

    def __contains__(self, item_id: object) -> bool:
        return isinstance(item_id, str) and self.row(item_id) is not None

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """All ids as strings, made when first asked for; for a few of them, :meth:`id` is cheaper."""
        return tuple(self)

    def id(self, row: int) -> str:
        """The id of a row."""
        return self._text[self._ends[row] : self._ends[row + 1]]

    def row(self, item_id: str) -> int | None:
        """Row of an id, None where unknown."""
        row = int(self.rows([item_id])[0])
        return None if row < 0 else row

    def rows(self, item_ids: Sequence[str]) -> Rows:
        """Rows of ids, int64[n], -1 where unknown."""
        hashes = _hashes(item_ids)
        places = np.searchsorted(self._hashes, hashes).tolist()
        found = [
            self._row_from(place, hash_, item_id)
            for place, hash_, item_id in zip(places, hashes.tolist(), item_ids, strict=True)
        ]
        return np.array(found, np.int64)

    def known_rows(self, item_ids: Iterable[str]) -> tuple[Rows, tuple[str, ...]]:
        """Rows of the known ids as int64[n_known], and the unknown ids, both in the order given."""
        asked = tuple(item_ids)
        rows = self.rows(asked)
        known = rows >= 0
        return rows[known], tuple(asked[place] for place in np.flatnonzero(~known))

    def save(self, path: Path) -> None:
        """Write the ids as JSON, atomically."""
        write_atomically(path, json.dumps({"sha256": self.sha256, "ids": list(self)}).encode())

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read what :meth:`save` wrote.

        Raises:
            WorkspaceError: the file is missing, cut short, or not a vocabulary.
        """
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            vocabulary, sha256 = cls(record["ids"]), record["sha256"]
        except FileNotFoundError:
            raise WorkspaceError(f"{path} is missing; train the model again") from None
        except (OSError, ValueError, KeyError, TypeError, DataError) as error:
            raise WorkspaceError(f"{path} is no vocabulary ({error}); train the model again") from error
        if vocabulary.sha256 != sha256:
            raise WorkspaceError(f"{path}: its ids don't match its own hash; train the model again")
        return vocabulary

    def _row_from(self, place: int, hash_: int, item_id: str) -> int:
        """The row of an id whose hash, if known at all, stands from this place on; else -1."""
        while place < len(self) and self._hashes[place] == hash_:
            row = int(self._order[place])
            if self.id(row) == item_id:
                return row
            place += 1
        return -1

    def _refuse_twins(self) -> None:
        alike = np.flatnonzero(self._hashes[1:] == self._hashes[:-1])
        rows = self._order[np.union1d(alike, alike + 1)].tolist()
        for item_id, times in Counter(map(self.id, rows)).items():
            if times > 1:
                raise DataError(f"item id {item_id!r} occurs twice; ids must be unique")


def _hashes(ids: Sequence[str]) -> npt.NDArray[np.uint32]:
    return np.fromiter(map(hash, ids), np.int64, len(ids)).astype(np.uint32)  # the lower half


def _sha256(ids: list[str]) -> str:
    """Of their JSON, some at a time: the whole text of a million would be a burden."""
    digest = hashlib.sha256(b"[")
    for start in range(0, len(ids), CHUNK):
        inside = json.dumps(ids[start : start + CHUNK])[1:-1]
        digest.update(f"{', ' if start else ''}{inside}".encode())
    digest.update(b"]")
    return digest.hexdigest()
