"""Logs with several items in a cell, one row each: a person's history, or what was shown and whether it was clicked.

MIND's ``behaviors.tsv`` is the best known: ``N1 N2`` in the history, ``N3-1 N4-0`` in the impressions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tastemaker.retrieval.ingest.forms.lists import parse_cell
from tastemaker.retrieval.ingest.rejects import Rejects
from tastemaker.retrieval.ingest.tables import Source, Table

LISTS = 0.3
"""Share of a column's cells with several ids from which it is one of lists; people with one item have one."""
KNOWN = 0.5
"""Share of the parts that must be ids of the catalogue; which of them are not is told later."""
CLICKED = "clicked"
"""The column that says so for each item, where the lists do."""
_PARTS = re.compile(r"[\s,;|]+")
_FLAGGED = re.compile(r"(.+)-([01])")


@dataclass(frozen=True)
class _ListColumn:
    name: str
    flagged: bool


def with_rows_of_lists(
    source: Source, sample: Table, known: Callable[[Any], bool], item: str | None = None
) -> Source:
    """The source with one row for each item of its lists; the source itself where it has none.

    Args:
        source: a log.
        sample: its first rows.
        known: whether a value is an id of the catalogue.
        item: the column that was named as the item; only its lists are read.
    """
    plain = [name for name in sample.columns if _is_plain(sample.columns[name], known)]
    named = [item] if item in sample.columns else list(sample.columns)
    lists = [found for name in named if (found := _list_column(name, sample.columns[name], known))]
    if plain or not lists:
        return source
    target = lists[0].name if len(lists) == 1 else "item"
    flagged = any(one.flagged for one in lists)

    def read(rejects: Rejects, size: int) -> Iterator[Table]:
        met: dict[str, tuple[int, int]] = {}
        for chunk in source.read(rejects, max(1, size // 10)):
            yield _rows(chunk, lists, target, flagged, met)

    said = ", ".join(one.name + (" (-1 = clicked, -0 = shown only)" if one.flagged else "") for one in lists)
    return Source(
        source.path, read, [*source.notes, f"several items in a cell, a row is made of each: {said}"]
    )


def _is_plain(values: Sequence[Any], known: Callable[[Any], bool]) -> bool:
    held = [value for value in values if value is not None and not isinstance(value, list | dict | bool)]
    return bool(held) and sum(map(known, held)) >= KNOWN * len(held) and len(set(map(str, held))) > 1


def _list_column(name: str, values: Sequence[Any], known: Callable[[Any], bool]) -> _ListColumn | None:
    cells = [parts for value in values if (parts := parts_of(value))]
    several = sum(len(parts) > 1 for parts in cells)
    if not cells or several < max(1, LISTS * len(cells)):
        return None
    parts = [part for cell in cells for part in cell]
    flags = [match[1] for part in parts if (match := _FLAGGED.fullmatch(part))]
    if len(flags) == len(parts) and sum(map(known, flags)) >= KNOWN * len(parts):
        return _ListColumn(name, flagged=True)
    return _ListColumn(name, flagged=False) if sum(map(known, parts)) >= KNOWN * len(parts) else None


def parts_of(value: Any) -> list[str]:
    """The ids in a cell.

    >>> parts_of("N1 N2"), parts_of("[1, 2]"), parts_of(["a", 3]), parts_of(None)
    (['N1', 'N2'], ['1', '2'], ['a', '3'], [])
    """
    if isinstance(value, str) and value.startswith(("[", "(")):
        parsed = parse_cell(value)
        value = parsed if isinstance(parsed, list) else value.strip("[]() ").replace("'", "")
    if isinstance(value, list):
        return [str(part) for part in value if isinstance(part, str | int)]
    return [part for part in _PARTS.split(value) if part] if isinstance(value, str) else []


def _rows(
    chunk: Table, lists: Sequence[_ListColumn], target: str, flagged: bool, met: dict[str, tuple[int, int]]
) -> Table:
    """A chunk with a row for each item; a history that the next row of the same person repeats is read once."""
    taken = {one.name for one in lists}
    others = [name for name in chunk.columns if name not in taken]
    columns: dict[str, list[Any]] = {name: [] for name in (*others, target, *([CLICKED] if flagged else []))}
    lines: list[int] = []
    for at, line in enumerate(chunk.lines):
        kept = [chunk.columns[name][at] for name in others]
        for one in lists:
            parts = parts_of(chunk.column(one.name)[at])
            if not one.flagged:
                parts = _new_parts(f"{one.name} {_who(chunk, others, at)}", parts, met)
            for part in parts:
                match = _FLAGGED.fullmatch(part) if one.flagged else None
                for name, value in zip(others, kept, strict=True):
                    columns[name].append(value)
                columns[target].append(match[1] if match else part)
                if flagged:
                    columns[CLICKED].append(match[2] if match else "1")
                lines.append(line)
    return Table(chunk.path, columns, lines, chunk.notes)


def _who(chunk: Table, others: Sequence[str], at: int) -> str:
    from tastemaker.retrieval.ingest.column_roles import user_column

    user = user_column(list(others))
    return str(chunk.columns[user.name][at]) if user else f"line {chunk.lines[at]}"


def _new_parts(key: str, parts: list[str], met: dict[str, tuple[int, int]]) -> list[str]:
    """What a person's list adds to the one before: all of it, or what comes behind its repetition."""
    length, seen = met.get(key, (0, 0))
    repeats = 0 < length <= len(parts) and hash(tuple(parts[:length])) == seen
    met[key] = (len(parts), hash(tuple(parts)))
    return parts[length:] if repeats else parts
