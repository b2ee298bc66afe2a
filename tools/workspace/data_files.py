"""The catalogue and the log of a workspace, written and read back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from tastemaker.retrieval.catalog.catalog import Catalog, item_from_dict
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.tools.workspace.versions import CATALOG

CONTEXT = "context:"
"""What the names of context columns begin with."""


def write_catalog(path: Path, catalog: Catalog) -> None:
    """One item a line, as JSON."""
    with path.open("w", encoding="utf-8") as file:
        for item in catalog:
            file.write(json.dumps(item.as_dict(), ensure_ascii=False) + "\n")


def read_verified_catalog(folder: Path, schema: Schema, content_hash: str) -> Catalog:
    """The catalogue in a folder, if it is the one that was written there.

    Raises:
        WorkspaceError: it is missing, broken, or was changed.
    """
    path = folder / CATALOG
    catalog = read_catalog(path, schema)
    if catalog.content_hash != content_hash:
        raise WorkspaceError(f"{path} was changed after the build; build the workspace again")
    return catalog


def read_catalog(path: Path, schema: Schema) -> Catalog:
    """The inverse of :func:`write_catalog`."""
    try:
        with path.open(encoding="utf-8") as file:
            return Catalog((item_from_dict(json.loads(line), schema) for line in file), schema)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WorkspaceError(f"cannot read {path} ({error}); build the workspace again") from error


def write_asks(path: Path, asks: Mapping[str, Sequence[str]]) -> None:
    """What people would ask for each item by, one item a line, as JSON."""
    with path.open("w", encoding="utf-8") as file:
        for item_id, phrases in asks.items():
            file.write(json.dumps({"item_id": item_id, "asks": list(phrases)}, ensure_ascii=False) + "\n")


def read_asks(path: Path) -> dict[str, tuple[str, ...]]:
    """The inverse of :func:`write_asks`; nothing where there is no such file.

    Raises:
        WorkspaceError: it is broken.
    """
    if not path.exists():
        return {}
    try:
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return {str(record["item_id"]): tuple(map(str, record["asks"])) for record in records}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(f"cannot read {path} ({error}); build the workspace again") from error


def write_interactions(path: Path, log: Interactions) -> None:
    """Columns user (text), item (int32 row), timestamp (float64); rating (float32), feedback (int8), context if known.

    A context column (text) is named after what it holds, with :data:`CONTEXT` before it.
    """
    columns = {
        "user": pa.DictionaryArray.from_arrays(
            pa.array(log.user, pa.int32()), pa.array(log.users, pa.string())
        ),
        "item": log.item,
        "timestamp": log.timestamp,
    }
    if log.rating is not None:
        columns["rating"] = log.rating
    if log.feedback is not None:
        columns["feedback"] = log.feedback
    for name, values in (log.context or {}).items():
        columns[CONTEXT + name] = pa.array(values.tolist(), pa.string()).dictionary_encode()
    pq.write_table(pa.table(columns), path)


def read_interactions(path: Path) -> Interactions:
    """The inverse of :func:`write_interactions`."""
    try:
        with pq.ParquetFile(
            path
        ) as file:  # read_table would import pandas, for as long as all of a search takes
            table = file.read()
    except (OSError, pa.ArrowException) as error:
        raise WorkspaceError(f"cannot read {path} ({error}); build the workspace again") from error
    item, timestamp = _column(table["item"]), _column(table["timestamp"])
    rating, feedback = (
        _column(table[name]) if name in table.column_names else None for name in ("rating", "feedback")
    )
    users = table["user"].combine_chunks()
    coded = users if pa.types.is_dictionary(users.type) else users.dictionary_encode()
    ids = tuple(coded.dictionary.to_pylist())
    known = {
        name.removeprefix(CONTEXT): table[name].to_pylist()
        for name in table.column_names
        if name.startswith(CONTEXT)
    }
    return Interactions.from_codes(
        ids, _column(coded.indices), item, timestamp, rating, feedback, known or None
    )


def _column(values: pa.ChunkedArray | pa.Array) -> npt.NDArray[Any]:
    """A column without gaps; PyArrow's own ``to_numpy`` would import pandas."""
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    column: npt.NDArray[Any] = whole.to_numpy() if whole.null_count else np.from_dlpack(whole)
    return column


def context_hash(log: Interactions) -> str:
    """sha256 over what is known of the moments of a log; empty where nothing is."""
    if not log.context:
        return ""
    named = [[name, log.context[name].tolist()] for name in sorted(log.context)]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()


def log_hash(log: Interactions) -> str:
    """sha256 over what happened in a log; what its events were taken to say is not part of it."""
    digest = hashlib.sha256("\n".join(log.users).encode())
    for column in (log.user, log.item, log.timestamp, log.rating):
        if column is not None:
            digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()
