"""Whom to rank for: everybody in a workspace's log, or the rows of a Parquet file, from any place on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tastemaker.retrieval.errors import DataError
from tastemaker.tools.workspace.workspace import Workspace

PEOPLE_A_READ = 256

Person = tuple[str, tuple[str, ...]]
"""An id, and item ids in the order in which they were taken."""


class People(ABC):
    """Some people in an order that never changes."""

    total: int

    @abstractmethod
    def since(self, start: int) -> Iterator[Person]:
        """All from a place on, which counts from 0."""


class PeopleInLog(People):
    """Everybody in a workspace's log."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.total = len(workspace.interactions.users)

    def since(self, start: int) -> Iterator[Person]:
        """As for all people."""
        log, ids = self._workspace.interactions, self._workspace.catalog.ids
        people = zip(log.users, log.histories(), strict=True)
        return ((user, tuple(ids[row] for row in rows)) for user, rows in islice(people, start, None))


class PeopleInFile(People):
    """The rows of a Parquet file with columns ``user`` and ``items``.

    Raises:
        DataError: it is no such file.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            with pq.ParquetFile(file) as opened:
                names, self.total = opened.schema_arrow.names, opened.metadata.num_rows
        except (OSError, pa.ArrowException) as error:
            raise DataError(f"no Parquet file ({error}); write columns user and items", file) from error
        if missing := {"user", "items"} - set(names):
            raise DataError(
                f"column {', '.join(sorted(missing))} is missing; write columns user and items", file
            )

    def since(self, start: int) -> Iterator[Person]:
        """As for all people; groups of rows before the place are not read."""
        with pq.ParquetFile(self._file) as opened:
            sizes = [opened.metadata.row_group(at).num_rows for at in range(opened.metadata.num_row_groups)]
            first = 0
            while first < len(sizes) and start >= sizes[first]:
                start -= sizes[first]
                first += 1
            groups = list(range(first, len(sizes)))
            for batch in opened.iter_batches(PEOPLE_A_READ, groups, ["user", "items"]):
                rest, start = batch.slice(start), max(0, start - batch.num_rows)
                for user, items in zip(rest["user"].to_pylist(), rest["items"].to_pylist(), strict=True):
                    yield str(user), tuple(str(item) for item in items or ())


def people_of(workspace: Workspace, file: Path | None) -> People:
    """Those of a file, or everybody in the log. Raises DataError as :class:`PeopleInFile`."""
    return PeopleInFile(file) if file else PeopleInLog(workspace)
