"""Items that earlier builds of a workspace had and the present one has not: their titles, for telling people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tastemaker.retrieval.catalog.catalog import Catalog

REMOVED = "removed.jsonl"
MAX_REMOVED = 100_000
"""Titles kept of removed items, those removed last before others."""


def write_removed(folder: Path, before: Path | None, catalog: Catalog) -> None:
    """Write what ``catalog`` no longer has of the version in ``before``, or of those before that one."""
    titles: dict[str, str] = {}
    for file in (before / "catalog.jsonl", before / REMOVED) if before else ():
        for item_id, title in _titles(file):
            if item_id not in catalog:
                titles.setdefault(item_id, title)
    with (folder / REMOVED).open("w", encoding="utf-8") as out:
        for item_id, title in list(titles.items())[:MAX_REMOVED]:
            out.write(json.dumps({"id": item_id, "title": title}, ensure_ascii=False) + "\n")


def read_removed(folder: Path) -> dict[str, str]:
    """Title by item id; empty where the version was built before this was written down."""
    return dict(_titles(folder / REMOVED))


def _titles(file: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = file.open("rb")
    except OSError:
        return
    with lines:
        for line in lines:
            with suppress(ValueError, KeyError, TypeError):  # titles are a courtesy: damage costs only these
                record = json.loads(line)
                yield str(record["id"]), str(record["title"])
