"""Logged conversations from files: which format it is, and each format's reader.

=========== ==================================================================================
format      what a line or row is
=========== ==================================================================================
tastemaker  one moment, as ``evals/data/dialogue.schema.json`` says
processed   one moment: ``{dialog_id, turn_id, context, entity, rec, resp}``, items by name, as
            ReDial and OpenDialKG are handed around
redial      one conversation of ReDial: ``messages`` with ``@123`` for films, ``movieMentions``
ids         one moment: ``{context, rec, prev_entity}``, items by number (He et al., CIKM 2023);
            needs a map of numbers to titles
inspired    one utterance of INSPIRED, tabs between columns
=========== ==================================================================================
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

from tastemaker.evals.dialogue_case import LoggedCase
from tastemaker.evals.dialogue_formats import (
    ids_case,
    inspired_cases,
    own_case,
    processed_case,
    redial_cases,
)
from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.retrieval.schema import nearest_of

FORMATS = ("tastemaker", "processed", "redial", "ids", "inspired")
INSPIRED_COLUMNS = ("dialog_id", "utt_id", "speaker", "text", "movies")


def read_dialogues(path: Path, file_format: str | None = None, ids: Path | None = None) -> list[LoggedCase]:
    """Every moment of a file at which the recommender named an item.

    Args:
        path: the file.
        file_format: one of :data:`FORMATS`; told by the first line unless given.
        ids: for the format ``ids``, a JSON file ``{"number": "title"}``.

    Raises:
        ConfigError: an unknown format, or ``ids`` without its map.
        DataError: the file cannot be read; names line and field.
    """
    if file_format is not None and file_format not in FORMATS:
        raise ConfigError(f"no format {file_format!r}; {nearest_of(file_format, list(FORMATS))}")
    if not path.is_file():
        raise DataError("no such file; --data-file names a file of logged conversations", path)
    chosen = file_format or _told_by_first_line(path)
    if chosen == "inspired":
        cases = list(_inspired(path))
    elif chosen == "redial":
        cases = [case for line, row in _objects(path) for case in _checked(redial_cases, row, path, line)]
    elif chosen == "ids":
        titles = _titles(ids)
        cases = [
            _checked(partial(ids_case, line=line, titles=titles), row, path, line)
            for line, row in _objects(path)
        ]
    else:
        read = own_case if chosen == "tastemaker" else processed_case
        cases = [_checked(read, row, path, line) for line, row in _objects(path)]
    _no_twins(cases, path)
    return cases


def own_schema() -> str:
    """The JSON schema of the format ``tastemaker``."""
    return (resources.files("tastemaker.evals") / "data" / "dialogue.schema.json").read_text(encoding="utf-8")


def _told_by_first_line(path: Path) -> str:
    with path.open(encoding="utf-8") as lines:
        first = lines.readline()
    if "\t" in first and set(INSPIRED_COLUMNS) <= set(first.rstrip("\n").split("\t")):
        return "inspired"
    try:
        keys = set(json.loads(first))
    except (ValueError, TypeError):
        raise DataError(
            f"neither JSON Lines nor INSPIRED's table; --format takes {', '.join(FORMATS)}", path, 1
        ) from None
    for name, needed in (
        ("redial", {"messages", "movieMentions"}), ("processed", {"dialog_id", "context", "rec", "entity"}),
        ("ids", {"context", "rec", "prev_entity"}), ("tastemaker", {"id", "context", "gold"}),
    ):  # fmt: skip
        if needed <= keys:
            return name
    raise DataError(
        f"fields {', '.join(sorted(keys))} are of none of the formats {', '.join(FORMATS)}", path, 1
    )


def _objects(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise DataError(f"not JSON: {error}", path, number) from None
            if not isinstance(row, dict):
                raise DataError(f"a line must be an object, got {type(row).__name__}", path, number)
            yield number, row


def _checked(read: Callable[[Mapping[str, Any]], Any], row: Mapping[str, Any], path: Path, line: int) -> Any:
    try:
        return read(row)
    except KeyError as error:
        raise DataError("this field is missing", path, line, str(error.args[0])) from None
    except (TypeError, ValueError, AttributeError) as error:
        raise DataError(f"not of this format: {error}", path, line) from None


def _inspired(path: Path) -> Iterator[LoggedCase]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = set(INSPIRED_COLUMNS) - set(rows.fieldnames or ())
        if missing:
            raise DataError(f"columns missing: {', '.join(sorted(missing))}", path, 1)
        yield from inspired_cases(rows)


def _titles(path: Path | None) -> Mapping[str, str]:
    if path is None:
        raise ConfigError(
            "format ids names items by number: give the map of numbers to titles with --ids FILE"
        )
    try:
        titles = json.loads(path.read_text(encoding="utf-8"))
        return {str(number): str(title) for number, title in titles.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise DataError(f"no JSON object of numbers and titles: {error}", path) from None


def _no_twins(cases: list[LoggedCase], path: Path) -> None:
    ids = set[str]()
    for case in cases:
        if case.id in ids:
            raise DataError(f"two cases have the id {case.id!r}", path)
        ids.add(case.id)
