"""What the items of a run are called, beside its rows: a report is made again without the workspace."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tastemaker.evals.runs.run_folder import Row
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import DataError

FILE = "titles.json"
LISTS = ("items", "gold", "new", "history")
"""Of a row, and of each of its replies those of ``REPLY_LISTS``."""
REPLY_LISTS = ("items", "mentioned", "known")


def keep_titles(folder: Path, rows: Iterable[Row], catalog: Catalog) -> None:
    """Write the titles of all items that a run's rows name; items that the catalogue lacks have none."""
    ids = dict.fromkeys(one for row in rows for one in item_ids(row))
    titles = {one: catalog[one].title for one in ids if one in catalog}
    write_atomically(folder / FILE, json.dumps(titles, ensure_ascii=False).encode())


def read_titles(folders: Sequence[Path]) -> dict[str, str]:
    """Item id -> title of the items of some runs; nothing of runs that were made before titles were kept.

    Raises:
        DataError: a file that holds something else.
    """
    found: dict[str, str] = {}
    for file in (folder / FILE for folder in folders):
        if file.is_file():
            try:
                titles = json.loads(file.read_text(encoding="utf-8"))
            except ValueError as error:
                raise DataError(f"not JSON: {error}; delete it, ids are then shown", file) from None
            if not isinstance(titles, Mapping):
                raise DataError("not an object of titles by id; delete it, ids are then shown", file)
            found |= {str(one): str(title) for one, title in titles.items()}
    return found


def item_ids(row: Row) -> Iterator[str]:
    """Every item that a row names.

    >>> list(item_ids({"items": ["a"], "gold": ["b"], "replies": [{"items": ["c"], "known": ["d"]}]}))
    ['a', 'b', 'c', 'd']
    """
    for name in LISTS:
        yield from row.get(name) or ()
    for reply in row.get("replies") or ():
        for name in REPLY_LISTS:
            yield from reply.get(name) or ()
