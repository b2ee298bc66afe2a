"""A JSON file as records: one object a line, a list of objects, or Python dictionaries a line."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.formats.text_file import TextFile

Record = tuple[int, dict[str, Any] | str, str]
"""A record's line, or number in a list, the record, and its text; a text for a record says what is wrong."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_NESTED = 200
"""Brackets within brackets that are still read."""


def json_records(file: TextFile) -> Iterator[Record]:
    """Records of a file, in order.

    Raises:
        DataError: it begins like a list or one large object, and is none.
    """
    with file.open() as text:
        first = next((line for line in text if line.strip()), "").strip()
    if first.startswith("[") or first == "{":
        yield from _listed(file)
        return
    with file.open() as text:
        for line, row in enumerate(text, start=1):
            if row.strip():
                yield line, _record(row), row.rstrip("\r\n")


def _listed(file: TextFile) -> Iterator[Record]:
    with file.open() as text:
        whole = text.read()
    try:
        found = json.loads(whole, parse_constant=_missing)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise DataError(
            f"no JSON: {error}; give one object a line, or a list of objects", file.path, line
        ) from None
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else [found]
    for number, record in enumerate(found, start=1):
        checked = record if isinstance(record, dict) else f"no JSON object: found a {type(record).__name__}"
        yield number, checked, str(record)


def _record(row: str) -> dict[str, Any] | str:
    try:
        found = json.loads(row, parse_constant=_missing)
    except RecursionError:
        return "no JSON object: nested too deeply"
    except ValueError as error:
        found = _python(row)
        if found is None:
            return f"no JSON object: {error}"
    if not isinstance(found, dict):
        return f"no JSON object: found a {type(found).__name__}"
    if "\\u" in row and _SURROGATE.search(json.dumps(found, ensure_ascii=False, default=str)):
        return "no JSON object: half of a surrogate pair"
    return found


def _python(row: str) -> Any:
    """A dictionary as Python writes it, as in the Steam files of Kang and McAuley; None if it is none."""
    if not row.lstrip().startswith("{") or row.count("{") + row.count("[") > _NESTED:
        return None
    try:
        return ast.literal_eval(row.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _missing(_: str) -> None:
    """NaN and the infinities, which Python's json module writes for missing numbers."""
    return


def path_kind(path: Path) -> str:
    """The ending that tells the kind of a file, ".gz" aside.

    >>> path_kind(Path("log.JSON.gz"))
    '.json'
    """
    endings = [ending.casefold() for ending in path.suffixes]
    if endings and endings[-1] == ".gz":
        endings.pop()
    return endings[-1] if endings else ""
