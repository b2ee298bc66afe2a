"""Logged conversations from a file of any known format, which is told by what is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from tastemaker.evals import own_dialogues, processed_rows, raw_redial, zero_shot_rows
from tastemaker.evals.dialogue_case import DialogueCase, DialogueSet
from tastemaker.evals.dialogue_titles import DialogueTitles
from tastemaker.evals.inspired_file import inspired_cases
from tastemaker.evals.json_rows import read_rows
from tastemaker.evals.opendialkg_file import FIELD as MESSAGES
from tastemaker.evals.opendialkg_file import opendialkg_cases
from tastemaker.evals.zero_shot_rows import read_id_map
from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.retrieval.schema import nearest_of


class DialogueFormat(StrEnum):
    """How a file of conversations is written.

    ``processed``: ReDial's or OpenDialKG's processed rows; ``redial``, ``inspired``, ``opendialkg``: as
    published; ``zero-shot``: the rows of He et al. (2023), with an id map; ``own``: ours, with a JSON schema.
    """

    PROCESSED = "processed"
    REDIAL = "redial"
    INSPIRED = "inspired"
    OPENDIALKG = "opendialkg"
    ZERO_SHOT = "zero-shot"
    OWN = "own"


_BY_FIELDS = (
    (zero_shot_rows.FIELDS, DialogueFormat.ZERO_SHOT),
    (processed_rows.FIELDS, DialogueFormat.PROCESSED),
    (raw_redial.FIELDS, DialogueFormat.REDIAL),
    (own_dialogues.FIELDS, DialogueFormat.OWN),
)


def read_dialogues(
    path: Path, catalog: Catalog, file_format: str | None = None, id_map: Path | None = None
) -> DialogueSet:
    """Read a file of logged conversations.

    Args:
        path: the file.
        catalog: what its titles and ids mean.
        file_format: one of :class:`DialogueFormat`; told by the file's content unless given.
        id_map: for ``zero-shot`` rows, what their numbers mean.

    Raises:
        ConfigError: an unknown format, or no id map where one is needed.
        DataError: no such file, a bad row (names file, line and field), or no case in it.
    """
    if file_format is not None and file_format not in list(DialogueFormat):
        raise ConfigError(f"no format {file_format!r}; {nearest_of(file_format, list(DialogueFormat))}")
    chosen = DialogueFormat(file_format) if file_format else detected_format(path)
    cases: list[DialogueCase] = []
    skipped: Counter[str] = Counter()
    for found in _cases(path, chosen, DialogueTitles(catalog), id_map):
        if isinstance(found, str):
            skipped[found] += 1
        else:
            cases.append(found)
    if not cases:
        raise DataError(f"no turn of a recommender that names items, read as {chosen}", path)
    if twice := [case for case, times in Counter(case.id for case in cases).items() if times > 1]:
        raise DataError(f"conversation and turn {twice[0]} stand in it twice; remove or rename one", path)
    return DialogueSet(path.stem, chosen, tuple(cases), catalog, dict(skipped))


def detected_format(path: Path) -> DialogueFormat:
    """The format of a file, by its first line.

    Raises:
        DataError: no such file, or none of the known formats.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            first = file.readline()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot be read ({error}); is the path right?", path) from error
    if not first.lstrip().startswith("{"):
        header = first.rstrip("\n").split("\t")
        if {"dialog_id", "speaker", "movies"} <= set(header):
            return DialogueFormat.INSPIRED
        if MESSAGES in first.split(","):
            return DialogueFormat.OPENDIALKG
    else:
        fields = set(next(read_rows(path)).fields)
        for needed, file_format in _BY_FIELDS:
            if needed <= fields:
                return file_format
    raise DataError(
        f"none of the known formats ({', '.join(DialogueFormat)}); say which with --format, or print"
        " the schema of our own with `tastemaker eval dialogues --schema`",
        path,
        1,
    )


def _cases(
    path: Path, chosen: DialogueFormat, titles: DialogueTitles, id_map: Path | None
) -> Iterator[DialogueCase | str]:
    if chosen is DialogueFormat.INSPIRED:
        return inspired_cases(path, titles)
    if chosen is DialogueFormat.OPENDIALKG:
        return opendialkg_cases(path, titles)
    rows = read_rows(path)
    if chosen is DialogueFormat.PROCESSED:
        return processed_rows.processed_cases(rows, titles)
    if chosen is DialogueFormat.REDIAL:
        return raw_redial.raw_redial_cases(rows, titles)
    if chosen is DialogueFormat.OWN:
        return own_dialogues.own_cases(rows, titles)
    return zero_shot_rows.zero_shot_cases(rows, titles, read_id_map(id_map) if id_map else None)
