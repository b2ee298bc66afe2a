"""A person's own log of who took what, from CSV, TSV, JSON Lines or Parquet."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.cells import as_id, as_number
from tastemaker.retrieval.ingest.column_roles import (
    ITEM_ID_NAMES,
    RATING_NAMES,
    TIME_NAMES,
    USER_NAMES,
    role_column,
)
from tastemaker.retrieval.ingest.infer_schema import Column, Inference
from tastemaker.retrieval.ingest.overrides import InteractionOverrides, Overrides
from tastemaker.retrieval.ingest.rejects import Rejects
from tastemaker.retrieval.ingest.tables import Table, read_table

_EPOCH_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))


@dataclass(frozen=True)
class LoadedInteractions:
    """A log, how its file was understood, and how many rows were set aside."""

    interactions: Interactions
    inference: Inference
    n_rejected: int = 0


def load_interactions(
    path: Path,
    catalog: Catalog,
    overrides: Overrides | None = None,
    skip_bad_rows: bool = False,
    rejected: Path | None = None,
) -> Interactions:
    """The log alone; see :func:`read_interactions`."""
    return read_interactions(path, catalog, overrides, skip_bad_rows, rejected).interactions


def read_interactions(
    path: Path,
    catalog: Catalog,
    overrides: Overrides | None = None,
    skip_bad_rows: bool = False,
    rejected: Path | None = None,
) -> LoadedInteractions:
    """Read a log of who took what; time and rating are optional. Arguments as in :func:`read_items`.

    Times are seconds, milli-, micro- or nanoseconds since the epoch, or ISO dates (UTC
    unless they say otherwise).

    Raises:
        DataError: something in the file is wrong, or an item is not in the catalogue.
    """
    said = (overrides or Overrides()).interactions
    rejects = Rejects(path, skip_bad_rows)
    table = read_table(path, rejects, said.encoding, said.delimiter)
    inference = infer_interactions(table, said)
    interactions = _interactions(table, inference, catalog, rejects)
    if not len(interactions):
        raise DataError(f"none of the {len(rejects.rows):,} rows is good: {rejects.rows[0]['reason']}", path)
    rejects.write(rejected)
    return LoadedInteractions(interactions, inference, len(rejects.rows))


def infer_interactions(table: Table, said: InteractionOverrides) -> Inference:
    """What the columns of a log are.

    Raises:
        DataError: no user or item column, or the overrides name a column that is not there.
    """
    roles: dict[str, Column] = {}
    for role, usual, named in (
        ("user", USER_NAMES, said.user),
        ("item", ITEM_ID_NAMES, said.item),
        ("timestamp", TIME_NAMES, said.timestamp),
        ("rating", RATING_NAMES, said.rating),
    ):
        free = [name for name in table.columns if name not in roles and name not in said.ignore]
        if column := role_column(role, free, usual, named, table.path, required=role in ("user", "item")):
            roles[column.name] = column
    unused = "a log's columns are user, item, timestamp and rating"
    columns = [roles.get(name) or Column(name, "ignored", unused) for name in table.columns]
    return Inference(table.path, tuple(columns))


def _interactions(table: Table, inference: Inference, catalog: Catalog, rejects: Rejects) -> Interactions:
    users, items = (table.columns[str(inference.of(role))] for role in ("user", "item"))
    row_of = {item_id: row for row, item_id in enumerate(catalog.ids)}
    time_name, rating_name = inference.of("timestamp"), inference.of("rating")
    times = table.columns[time_name] if time_name else []
    ratings = table.columns[rating_name] if rating_name else []
    seconds = _seconds_reader(times)
    kept: list[tuple[str, int, float, float]] = []
    for at, line in enumerate(table.lines):
        column = inference.of("user")
        try:
            user = as_id(users[at])
            column = inference.of("item")
            item_id = as_id(items[at])
            row = _row(item_id, row_of)
            column = time_name
            when = seconds(times[at]) if time_name else 0.0
            column = rating_name
            kept.append((user, row, when, _rating(ratings[at]) if rating_name else 0.0))
        except ValueError as error:
            rejects.add(str(error), line, column, table.row(at))
    user_ids, rows, timestamps, scores = zip(*kept, strict=True) if kept else ((), (), (), ())
    return Interactions.from_columns(
        user_ids, rows, timestamps if time_name else None, scores if rating_name else None
    )


def _row(item_id: str, row_of: Mapping[str, int]) -> int:
    try:
        return row_of[item_id]
    except KeyError:
        raise ValueError(f"item {item_id!r} is not in the catalogue") from None


def _rating(value: Any) -> float:
    if value is None:
        return math.nan
    try:
        return as_number(value)
    except ValueError as error:
        raise ValueError(f"rating: {error}") from None


def _seconds_reader(times: Sequence[Any]) -> Callable[[Any], float]:
    """A reader of timestamps to seconds; the unit of numbers is told by the largest."""
    numbers = [number for value in times if (number := _epoch(value)) is not None]
    largest = max(map(abs, numbers), default=0.0)
    unit = next((unit for least, unit in _EPOCH_UNITS if largest >= least), 1.0)

    def seconds(value: Any) -> float:
        number = _epoch(value)
        return _iso_seconds(value) if number is None else number / unit

    return seconds


def _epoch(value: Any) -> float | None:
    if isinstance(value, datetime | date) or value is None or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (ValueError, TypeError):
        return None
    return number if math.isfinite(number) else None


def _iso_seconds(value: Any) -> float:
    if value is None:
        raise ValueError("the time is empty")
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    try:
        when = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"time {str(value)[:80]!r} is neither a number of seconds nor an ISO date") from None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
