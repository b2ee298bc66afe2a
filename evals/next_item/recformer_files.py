"""Amazon logs as Recformer publishes them: histories and item texts, a JSON object each.

Histories are ``{user: [item, ...]}`` in order of time; items are ``{item: {"title": ...,
"description": ..., "brand": ..., "categories": "a,b,c"}}`` (github.com/AaronHeee/RecFormer). As
there, title, brand and categories are what is read of an item; descriptions are left aside.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tastemaker.evals.next_item.interaction_files import EvalData, in_order
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema, Value
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.index.embedder import TextEmbedder

SCHEMA = Schema(
    attributes=(
        Attribute(name="brand", kind=Kind.CATEGORY),
        Attribute(name="categories", kind=Kind.TAGS),
    )
)


def read_recformer(log: Path, items: Path, embedder: Callable[[], TextEmbedder] | None = None) -> EvalData:
    """Read a log and its items; the catalogue is all of the items, whether anyone took them or not.

    Args:
        log: the histories.
        items: the texts.
        embedder: opens the embedder of the texts.

    Raises:
        DataError: no such file, not JSON of this form, or a history with an item that is not listed.
    """
    catalog = Catalog([_item(id_, record, items) for id_, record in _object(items).items()], SCHEMA)
    row_of = {id_: row for row, id_ in enumerate(catalog.ids)}
    users: list[str] = []
    rows: list[int] = []
    for user, history in _object(log).items():
        if not isinstance(history, list):
            raise DataError(f"user {user!r}: expected a list of items, got {history!r}", log)
        if unknown := [item for item in history if str(item) not in row_of]:
            raise DataError(f"user {user!r}: item {unknown[0]!r} is not among the items of {items.name}", log)
        users += [user] * len(history)
        rows += [row_of[str(item)] for item in history]
    if not rows:
        raise DataError("the file holds no interactions", log)
    return EvalData(log.name, catalog, in_order(users, rows), timed=False, embedder=embedder)


def _item(id_: str, record: object, path: Path) -> Item:
    if not isinstance(record, Mapping) or not isinstance(record.get("title"), str):
        raise DataError(f'item {id_!r}: expected an object with a "title", got {record!r}', path)
    listed = _text(record, "categories").lower().split(",")  # in capitals they pass for proper names
    tags = tuple(dict.fromkeys(tag.strip() for tag in listed if tag.strip()))
    found: dict[str, Value] = {
        "brand": _text(record, "brand"),
        "categories": tags,
    }
    return Item(id_, record["title"].strip() or id_, {name: value for name, value in found.items() if value})


def _text(record: Mapping[str, Any], name: str) -> str:
    return " ".join(str(record.get(name) or "").split())


def _object(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError("no such file; give the published one", path) from None
    except (OSError, ValueError) as error:
        raise DataError(f"cannot be read as JSON ({error}); fetch it again", path) from error
    if not isinstance(found, dict):
        raise DataError(f"expected one JSON object, got a {type(found).__name__}", path)
    return found
