"""Columns whose cells hold lists or objects, opened: lists stay lists, objects become columns of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tastemaker.retrieval.ingest.forms.lists import MAX_FIELDS, named_values, parse_cell
from tastemaker.retrieval.ingest.forms.markup import tidy, tidy_notes
from tastemaker.retrieval.ingest.tables import Table

NEARLY_ALL = 0.9
"""With this share of cells that hold lists or objects, a column is one of them."""
OFTEN = 0.1
"""A field of an object makes a column where this share of the rows has it."""
_OPENING = ("[", "{", "c(", "list(")


def unpack(table: Table, keep: Sequence[str] = ()) -> Table:
    """The table with readable texts, with lists for lists, and with a column for each field of objects.

    ``keep`` are columns that stay as they are.
    """
    columns: dict[str, list[Any]] = {}
    notes = list(table.notes)
    taken = {name.casefold() for name in table.columns}
    for name, values in table.columns.items():
        if name in keep:
            columns[name] = values
            continue
        opened = _opened(values)
        if done := tidy(opened):
            notes.append(f"{name}: {tidy_notes(done.most_common())}")
        fields = _fields(opened)
        if not fields:
            columns[name] = opened
            continue
        notes.append(f"{name}: objects, their fields are columns: {', '.join(fields)}")
        for field in fields:
            own = field if field.casefold() not in taken else f"{name}_{field}"
            taken.add(own.casefold())
            part = [value.get(field) if isinstance(value, dict) else None for value in opened]
            columns[own] = [None if one == "" or isinstance(one, dict) else one for one in part]
    return replace(table, columns=columns, notes=tuple(notes))


def _opened(values: list[Any]) -> list[Any]:
    known = [value for value in values if value is not None]
    if any(isinstance(value, list | dict) for value in known):
        return [_as_lists(named_values(value)) for value in values]
    texts = [value for value in known if isinstance(value, str)]
    likely = sum(text.startswith(_OPENING) for text in texts)
    if not texts or likely < NEARLY_ALL * len(known):
        return list(values)
    parsed = [parse_cell(value) if isinstance(value, str) else value for value in values]
    good = sum(value is not None for value in parsed)
    if any(isinstance(value, list) for value in parsed):
        parsed = [[] if value == {} else value for value in parsed]  # "{}" beside "{a,b}" is an empty list
    return [_as_lists(value) for value in parsed] if good >= NEARLY_ALL * len(known) else list(values)


def _as_lists(value: Any) -> Any:
    """Lists in lists as one list (["Books", ["Crime"]])."""
    if isinstance(value, list) and value and all(isinstance(part, list) for part in value):
        return [part for inner in value for part in inner]
    return value


def _fields(values: Sequence[Any]) -> list[str]:
    """The fields that become columns; [] where the cells are no objects, or a table of their own."""
    objects = [value for value in values if isinstance(value, dict)]
    known = [value for value in values if value is not None]
    if not objects or len(objects) < NEARLY_ALL * len(known):
        return []
    counts = Counter(str(key) for value in objects for key in value)
    often = [key for key, n in counts.items() if n >= OFTEN * len(objects)]
    return often if 0 < len(often) <= MAX_FIELDS else []
