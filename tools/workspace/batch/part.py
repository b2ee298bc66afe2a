"""One part of a batch: the best items of so many people, as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa

from tastemaker.tools.workspace.batch.people import Person

if TYPE_CHECKING:
    from tastemaker.recommenders import Recommender

PEOPLE_AT_ONCE = 256
"""Scored in one product of matrices."""

SCHEMA = pa.schema(
    [("user", pa.string()), ("items", pa.list_(pa.string())), ("scores", pa.list_(pa.float32()))]
)


def rank_part(
    model: Recommender, people: Iterable[Person], k: int, tell: Callable[[int], object] = lambda _: None
) -> pa.Table:
    """A row a person: :data:`SCHEMA`; ``tell`` is given the number of people of each batch."""
    from tastemaker.recommenders import Query

    people, batches = iter(people), list[pa.RecordBatch]()
    while some := list(islice(people, PEOPLE_AT_ONCE)):
        best = model.top_batch([Query(history=history) for _, history in some], k)
        columns = [
            [user for user, _ in some],
            [[one.id for one in found] for found in best],
            [[one.score for one in found] for found in best],
        ]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
        batches.append(pa.RecordBatch.from_arrays(arrays, schema=SCHEMA))
        tell(len(some))
    return pa.Table.from_batches(batches, SCHEMA)
