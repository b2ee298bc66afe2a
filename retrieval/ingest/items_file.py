"""A person's own items, from CSV, TSV, JSON Lines or Parquet.

All or nothing: the first bad row stops the load, with file, line and column. With
``skip_bad_rows`` the bad rows go, with their reasons, into a file of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema, Value, nearest_of
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.cells import (
    as_date,
    as_id,
    as_list,
    as_number,
    clean,
    is_missing,
    plain_text,
)
from tastemaker.retrieval.ingest.column_roles import ITEM_ID_NAMES, TITLE_NAMES, role_column
from tastemaker.retrieval.ingest.infer_schema import (
    Column,
    Inference,
    infer_kind,
    kinds_of,
    title_years,
    year_in,
)
from tastemaker.retrieval.ingest.overrides import ItemOverrides, Overrides
from tastemaker.retrieval.ingest.rejects import Rejects
from tastemaker.retrieval.ingest.tables import Table, read_table

YEAR = "year"
"""The attribute made from years behind titles, where the file has none."""


@dataclass(frozen=True)
class LoadedItems:
    """A catalogue, how its file was understood, and how many rows were set aside."""

    catalog: Catalog
    inference: Inference
    n_rejected: int = 0


def load_items(
    path: Path, overrides: Overrides | None = None, skip_bad_rows: bool = False, rejected: Path | None = None
) -> Catalog:
    """The catalogue alone; see :func:`read_items`."""
    return read_items(path, overrides, skip_bad_rows, rejected).catalog


def read_items(
    path: Path, overrides: Overrides | None = None, skip_bad_rows: bool = False, rejected: Path | None = None
) -> LoadedItems:
    """Read a catalogue.

    Args:
        path: a .csv, .tsv, .jsonl or .parquet file with a column for ids and one for titles.
        overrides: what columns are, where guessing goes wrong.
        skip_bad_rows: set bad rows aside instead of stopping.
        rejected: where they go, as JSON lines; beside the file, ending in .rejected.jsonl, unless given.

    Raises:
        DataError: something in the file is wrong; nothing was loaded or written.
    """
    said = (overrides or Overrides()).items
    rejects = Rejects(path, skip_bad_rows)
    table = read_table(path, rejects, said.encoding, said.delimiter)
    inference = infer_items(table, said)
    columns = {column.name: column for column in inference.columns}
    catalog = _catalog(table, inference, kinds_of(columns), rejects)
    if not len(catalog):
        raise DataError(f"none of the {len(rejects.rows):,} rows is good: {rejects.rows[0]['reason']}", path)
    rejects.write(rejected)
    return LoadedItems(catalog, inference, len(rejects.rows))


def infer_items(table: Table, said: ItemOverrides) -> Inference:
    """What the columns of an items' file are.

    Raises:
        DataError: no id or title column, or the overrides name a column that is not there.
    """
    names = list(table.columns)
    for name in (*said.ignore, *said.kinds, *said.separators):
        if name not in table.columns:
            raise DataError(f"the overrides name a column {name!r}; {nearest_of(name, names)}", table.path, 1)
    roles: dict[str, Column] = {}
    for role, usual, named in (("title", TITLE_NAMES, said.title), ("id", ITEM_ID_NAMES, said.id)):
        free = [name for name in names if name not in roles and (name not in said.ignore or name == named)]
        if column := role_column(role, free, usual, named, table.path):
            roles[column.name] = column
    columns = [roles.get(name) or _attribute(name, table, said) for name in names]
    return Inference(table.path, tuple(_with_title_year(columns, table)))


def _attribute(name: str, table: Table, said: ItemOverrides) -> Column:
    if name in said.ignore:
        return Column(name, "ignored", "named in the overrides")
    if name.startswith("unnamed "):
        return Column(name, "ignored", "it has no name")
    return infer_kind(name, table.columns[name], said.kinds.get(name), said.separators.get(name))


def _with_title_year(columns: list[Column], table: Table) -> list[Column]:
    """The columns, with a year attribute made from the titles where most end in one and no column has it."""
    title = next(column for column in columns if column.becomes == "title")
    years = title_years(table.columns[title.name])
    if years * 2 <= len(table) or any(YEAR in column.name.casefold() for column in columns):
        return columns
    why = f"from the end of {title.name}, {years:,} of {len(table):,} titles"
    return [*columns, Column(YEAR, Kind.NUMBER, why)]


def _catalog(table: Table, inference: Inference, kinds: Mapping[str, Kind], rejects: Rejects) -> Catalog:
    id_name, title_name = str(inference.of("id")), str(inference.of("title"))
    from_title = YEAR in kinds and YEAR not in table.columns
    converters = [
        (column.name, table.columns[column.name], _converter(kinds[column.name], column.separator))
        for column in inference.columns
        if column.name in kinds and column.name in table.columns
    ]
    items: dict[str, Item] = {}
    line_of: dict[str, int] = {}
    for at, line in enumerate(table.lines):
        attributes: dict[str, Value] = {}
        column = id_name
        try:
            item_id = as_id(table.columns[id_name][at])
            _check_new(item_id, line_of)
            column = title_name
            title = _title(table.columns[title_name][at])
            for column, values, convert in converters:
                if not is_missing(values[at]):
                    attributes[column] = convert(values[at])
        except ValueError as error:
            rejects.add(str(error), line, column, table.row(at))
            continue
        if from_title and (year := year_in(title)) is not None:
            attributes[YEAR] = year
        items[item_id], line_of[item_id] = Item(item_id, title, attributes), line
    schema = Schema(attributes=tuple(Attribute(name=name, kind=kind) for name, kind in kinds.items()))
    return Catalog(items.values(), schema)


def _check_new(item_id: str, line_of: Mapping[str, int]) -> None:
    if item_id in line_of:
        raise ValueError(f"id {item_id!r} is already on line {line_of[item_id]}; ids must be unique")


def _converter(kind: Kind, separator: str | None) -> Callable[[Any], Value]:
    """From a raw value to an attribute's; raises ValueError."""
    if kind is Kind.NUMBER:
        return _number
    if kind is Kind.DATE:
        return as_date
    if kind is Kind.TAGS:
        return lambda value: _tags(value, separator or "")
    if kind is Kind.TEXT:
        return lambda value: clean(" ".join(as_list(value, "")))
    return lambda value: str(value).lower() if isinstance(value, bool) else clean(plain_text(value))


def _number(value: Any) -> int | float:
    number = as_number(value)
    return int(number) if number.is_integer() else number


def _tags(value: Any, separator: str) -> tuple[str, ...]:
    parts = (clean(part) for part in as_list(value, separator))
    return tuple(dict.fromkeys(part for part in parts if part))


def _title(value: Any) -> str:
    title = "" if value is None else clean(plain_text(value))
    if not title:
        raise ValueError("the title is empty")
    return title
