"""Item ids in a fixed order: row i of every score vector belongs to ids[i]."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.errors import DataError, WorkspaceError


class Vocabulary:
    """The ids that a model knows, in row order; for a workspace's models, the catalogue's ids.

    Raises:
        DataError: an id that is no string, or one that occurs twice.

    >>> vocabulary = Vocabulary(["a", "b"])
    >>> vocabulary.known_rows(["b", "x", "a"])
    (array([1, 0]), ('x',))
    """

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids = tuple(ids)
        self._rows: dict[str, int] = {}
        for row, item_id in enumerate(self.ids):
            if not isinstance(item_id, str):
                raise DataError(f"item ids must be strings, id {row} is {type(item_id).__name__} {item_id!r}")
            if self._rows.setdefault(item_id, row) != row:
                raise DataError(f"item id {item_id!r} occurs twice; ids must be unique")

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._rows

    def row(self, item_id: str) -> int | None:
        """Row of an id, None where unknown."""
        return self._rows.get(item_id)

    def known_rows(self, item_ids: Iterable[str]) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
        """Rows of the known ids as int64[n_known], and the unknown ids, both in the order given."""
        rows: list[int] = []
        unknown: list[str] = []
        for item_id in item_ids:
            row = self._rows.get(item_id)
            if row is None:
                unknown.append(item_id)
            else:
                rows.append(row)
        return np.array(rows, np.int64), tuple(unknown)

    @cached_property
    def sha256(self) -> str:
        """Hash over the ids in order; equal ids in equal order give an equal hash on any machine."""
        return hashlib.sha256(json.dumps(self.ids).encode()).hexdigest()

    def save(self, path: Path) -> None:
        """Write the ids as JSON, atomically."""
        write_atomically(path, json.dumps({"sha256": self.sha256, "ids": self.ids}).encode())

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
        except (ValueError, KeyError, TypeError, DataError) as error:
            raise WorkspaceError(f"{path} is no vocabulary ({error}); train the model again") from error
        if vocabulary.sha256 != sha256:
            raise WorkspaceError(f"{path}: its ids don't match its own hash; train the model again")
        return vocabulary
