"""Parts ranked on a Ray cluster by Ray Data: the same tables as one process makes, in the same order.

A worker is sent where the workspace lies, never a model: it opens the workspace itself, once. Every machine of the
cluster needs the package and the same paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa

from tastemaker.tools.workspace.batch.part import SCHEMA, rank_part
from tastemaker.tools.workspace.batch.people import people_of
from tastemaker.tools.workspace.workspace import Workspace

PART = "part"


def parts_on_ray(
    ray: ModuleType,
    workspace: Path,
    people: Path | None,
    k: int,
    numbers: Sequence[int],
    size: int,
    workers: int,
) -> Iterator[tuple[int, pa.Table]]:
    """(number, table) pairs of parts, in order.

    Args:
        ray: the module, connected.
        workspace: its folder.
        people: a file of people, or None for everybody in the log.
        k: items a person.
        numbers: of the parts wanted.
        size: people a part.
        workers: processes, each with one core.
    """
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    asked = ray.data.from_items([{PART: number} for number in numbers], override_num_blocks=len(numbers))
    ranked = asked.map_batches(
        PartRanker,
        fn_constructor_args=(str(workspace), str(people) if people else None, k, size),
        batch_size=1,
        num_cpus=1,
        concurrency=workers,
    )
    held: list[pa.Table] = []
    number = -1
    for batch in ranked.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
        for one in _runs(batch):
            of = int(one[PART][0].as_py())
            if held and of != number:
                yield number, pa.concat_tables(held)
                held = []
            number = of
            held.append(one.select(SCHEMA.names).cast(SCHEMA))
    if held:
        yield number, pa.concat_tables(held)


class PartRanker:
    """One worker: ranks the parts that it is asked for."""

    def __init__(self, workspace: str, people: str | None, k: int, size: int) -> None:
        from tastemaker.tools.workspace.batch.model import model_of

        opened = Workspace.open(Path(workspace))
        self._people = people_of(opened, Path(people) if people else None)
        self._model, self._k, self._size = model_of(opened), k, size

    def __call__(self, asked: dict[str, Any]) -> pa.Table:
        """The table of one part, with its number in a column."""
        (number,) = map(int, asked[PART])
        table = rank_part(self._model, islice(self._people.since(number * self._size), self._size), self._k)
        return table.append_column(PART, pa.array(np.full(len(table), number)))


def _runs(table: pa.Table) -> Iterator[pa.Table]:
    """A table cut where the number of the part changes."""
    numbers = np.asarray(table[PART])
    bounds = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
    for start, end in pairwise(bounds):
        if end > start:
            yield table.slice(start, end - start)
