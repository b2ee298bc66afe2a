"""Logged conversations from files: which format it is, and each format's reader.

=========== ==================================================================================
format      what a line or row is
=========== ==================================================================================
tastemaker  one moment, as ``evals/data/dialogue.schema.json`` says
processed   one moment: ``{dialog_id, turn_id, context, entity, rec, resp}``, items by name, as
            ReDial and OpenDialKG are handed around
redial      one conversation of ReDial: ``messages`` with ``@123`` for films, ``movieMentions``
ids         one moment: ``{context, rec, prev_entity}``, items by number (He et al., CIKM 2023);
            needs a map of the numbers, such as their ``entity2id.json``
inspired    one utterance of INSPIRED, tabs between columns
opendialkg  one conversation of OpenDialKG's table, its ``Messages`` as JSON
=========== ==================================================================================
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from tastemaker.evals.dialogues.case import LoggedCase
from tastemaker.evals.dialogues.formats import (
    from_inspired,
    from_processed,
    own_case,
    redial_cases,
)
from tastemaker.evals.dialogues.id_format import NumberMap, from_numbers, read_number_map
from tastemaker.evals.dialogues.opendialkg import FIELD as MESSAGES
from tastemaker.evals.dialogues.opendialkg import opendialkg_cases
from tastemaker.evals.dialogues.row_fields import FieldError
from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError, DataError

FORMATS = ("tastemaker", "processed", "redial", "ids", "inspired", "opendialkg")
T = TypeVar("T")
INSPIRED_COLUMNS = ("dialog_id", "utt_id", "speaker", "text", "movies")


def read_dialogues(path: Path, file_format: str | None = None, ids: Path | None = None) -> list[LoggedCase]:
    """Every moment of a file at which the recommender named an item.

    Args:
        path: the file.
        file_format: one of :data:`FORMATS`; told by the first line unless given.
        ids: for the format ``ids``, what the numbers mean; see
            :func:`~tastemaker.evals.dialogues.id_format.read_number_map`.

    Raises:
        ConfigError: an unknown format, or ``ids`` without its map.
        DataError: the file cannot be read; names line and field.
    """
    if file_format is not None and file_format not in FORMATS:
        raise ConfigError(f"no format {file_format!r}; {nearest_of(file_format, list(FORMATS))}")
    if not path.is_file():
        raise DataError("no such file; --data-file names a file of logged conversations", path)
    try:
        cases = list(_cases(path, file_format or _guess_format(path), ids))
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8 text ({error.reason}); save it as UTF-8", path) from None
    _no_twins(cases, path)
    if not cases:
        raise DataError("there is no moment in it at which a recommender named an item", path)
    return cases


def _cases(path: Path, chosen: str, ids: Path | None) -> Iterator[LoggedCase]:
    if chosen == "inspired":
        return _read_inspired(path)
    if chosen == "opendialkg":
        return opendialkg_cases(path)
    if chosen == "ids":
        numbers = _numbers(ids)
        found = (
            _check(lambda row: from_numbers(row, line, numbers), row, path, line)  # noqa: B023 - used at once
            for line, row in _objects(path)
        )
        return (case for case in found if case)
    if chosen == "redial":
        rows = _objects(path)
        return (
            case
            for line, row in rows
            for case in _check(lambda row: list(redial_cases(row)), row, path, line)
        )
    read = own_case if chosen == "tastemaker" else from_processed
    return (_check(read, row, path, line) for line, row in _objects(path))


def own_schema() -> str:
    """The JSON schema of the format ``tastemaker``."""
    return (resources.files("tastemaker.evals") / "data" / "dialogue.schema.json").read_text(encoding="utf-8")


def _guess_format(path: Path) -> str:
    with path.open(encoding="utf-8-sig") as lines:
        first = lines.readline().rstrip("\r\n")
    if set(INSPIRED_COLUMNS) <= set(first.split("\t")):
        return "inspired"
    if MESSAGES in first.split(","):
        return "opendialkg"
    try:
        keys = set(json.loads(first))
    except (ValueError, TypeError):
        raise DataError(
            "neither JSON Lines nor the table of INSPIRED or OpenDialKG; --format takes "
            f"{', '.join(FORMATS)}, --schema prints the one of our own",
            path,
            1,
        ) from None
    for name, needed in (
        ("redial", {"messages", "movieMentions"}),
        ("ids", {"context", "rec", "prev_entity"}),
        ("processed", {"dialog_id", "context", "rec", "entity"}),
        ("tastemaker", {"id", "context", "gold"}),
    ):
        if needed <= keys:
            return name
    raise DataError(
        f"fields {', '.join(sorted(map(str, keys)))} are of none of the formats {', '.join(FORMATS)}; "
        "--schema prints the one of our own",
        path,
        1,
    )


def _objects(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with path.open(encoding="utf-8-sig") as lines:
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


def _check(read: Callable[[Mapping[str, Any]], T], row: Mapping[str, Any], path: Path, line: int) -> T:
    try:
        return read(row)
    except FieldError as error:
        raise DataError(str(error), path, line, error.field) from None


def _read_inspired(path: Path) -> Iterator[LoggedCase]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = set(INSPIRED_COLUMNS) - set(rows.fieldnames or ())
        if missing:
            raise DataError(f"columns missing: {', '.join(sorted(missing))}", path, 1)
        try:
            yield from from_inspired(rows)
        except FieldError as error:
            raise DataError(str(error), path, rows.line_num, error.field) from None


def _numbers(path: Path | None) -> NumberMap:
    if path is None:
        raise ConfigError(
            "format ids names items by number: give the map of numbers to titles with --ids FILE"
        )
    return read_number_map(path)


def _no_twins(cases: list[LoggedCase], path: Path) -> None:
    ids = set[str]()
    for case in cases:
        if case.id in ids:
            raise DataError(f"two cases have the id {case.id!r}", path)
        ids.add(case.id)
