"""A person's own items, from CSV, TSV, JSON Lines or Parquet.

All or nothing: the first bad row stops the load, with file, line and column. With
``skip_bad_rows`` the bad rows go, with their reasons, into a file of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import SHOWN_ONLY, Attribute, Kind, Schema, Value, nearest_of
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.cells import as_id, as_list, clean, is_missing, plain_text
from tastemaker.retrieval.ingest.column_roles import item_id_column, missing_role, named_column, title_column
from tastemaker.retrieval.ingest.forms.addresses import first_address
from tastemaker.retrieval.ingest.forms.dates import DateForm
from tastemaker.retrieval.ingest.forms.lands_and_languages import one_spelling
from tastemaker.retrieval.ingest.forms.numbers import NumberForm, number_form
from tastemaker.retrieval.ingest.infer_schema import (
    Column,
    Inference,
    attributes_of,
    infer_kind,
    title_years,
    year_in,
)
from tastemaker.retrieval.ingest.key_of_log import key_of_log
from tastemaker.retrieval.ingest.overrides import ItemOverrides, Overrides
from tastemaker.retrieval.ingest.rejects import Rejects
from tastemaker.retrieval.ingest.tables import Table, read_table
from tastemaker.retrieval.ingest.unpack import unpack

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
    path: Path,
    overrides: Overrides | None = None,
    skip_bad_rows: bool = False,
    rejected: Path | None = None,
    log: Path | None = None,
) -> LoadedItems:
    """Read a catalogue.

    Args:
        path: a .csv, .tsv, .jsonl or .parquet file with a column for ids and one for titles.
        overrides: what columns are, where guessing goes wrong.
        skip_bad_rows: set bad rows aside instead of stopping.
        rejected: where they go, as JSON lines; beside the file, ending in .rejected.jsonl, unless given.
        log: the file of interactions, which tells which of several columns it names the items by.

    Raises:
        DataError: something in the file is wrong; nothing was loaded or written.
    """
    said = (overrides or Overrides()).items
    rejects = Rejects(path, skip_bad_rows)
    table = unpack(read_table(path, rejects, said.form), keep=() if said.id is None else (said.id,))
    inference = infer_items(table, said)
    if log is not None and said.id is None and (key := key_of_log(table, inference, log, overrides)):
        inference = infer_items(table, said.model_copy(update={"id": key.name}))
        others = tuple(key if column.becomes == "id" else column for column in inference.columns)
        inference = replace(inference, columns=others)
    columns = {column.name: column for column in inference.columns}
    catalog = _catalog(table, inference, attributes_of(columns), rejects)
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
    for name in said.named():
        if name not in table.columns:
            raise DataError(f"the overrides name a column {name!r}; {nearest_of(name, names)}", table.path, 1)
    roles: dict[str, Column] = {}
    title = named_column("title", names, said.title, table.path)
    id_ = named_column("id", names, said.id, table.path)
    if id_ is not None and title is not None and id_.name == title.name:
        id_ = None  # titles are the ids
    free = [name for name in names if name not in said.ignore and name != said.id]
    title = title or title_column(table.columns, free, _is_words)
    if title is None:
        raise missing_role("title", names, table.path)
    roles[title.name] = title
    if id_ is None and said.id is None:
        id_ = item_id_column(table.columns, [name for name in free if name != title.name])
        if id_ is None and _all_differ(table.columns[title.name]):
            roles[title.name] = replace(
                title, why=f"{title.why}; it tells the items apart, so it is their id too"
            )
        elif id_ is None:
            hint = f'; if titles tell the items apart, id = "{title.name}"'
            raise missing_role("id", names, table.path, hint)
    if id_ is not None:
        roles.setdefault(id_.name, id_)
    columns: list[Column] = []
    for name in names:
        columns += [roles[name]] if name in roles else _attribute(name, table, said)
    columns = _with_decimals(columns, table, said)
    return Inference(table.path, tuple(_with_title_year(columns, table)), table.notes)


def _all_differ(values: Sequence[Any]) -> bool:
    known = [str(value).strip() for value in values if not is_missing(value)]
    return len(known) == len(values) == len(set(known))


def _is_words(values: Sequence[Any]) -> bool:
    """Whether a column holds words: texts that are no numbers."""
    known = [value for value in values if not is_missing(value)]
    if not known:
        return True  # then each row is told to lack it
    if not all(isinstance(value, str | int | float) for value in known):
        return False
    texts = [value for value in known if isinstance(value, str)]
    return bool(texts) and (number_form(known[:1000]) is None or len(texts) < len(known))


def _with_decimals(columns: list[Column], table: Table, said: ItemOverrides) -> list[Column]:
    """The columns, with a decimal comma where the rest of the file has one and the column itself is undecided."""
    forms = [column.form for column in columns if isinstance(column.form, NumberForm)]
    if not any(form.decimal == "," for form in forms):
        return columns
    again: list[Column] = []
    for column in columns:
        open_ = isinstance(column.form, NumberForm) and not column.form.decided and not column.source
        if not open_ or column.name not in table.columns:
            again.append(column)
            continue
        again += infer_kind(
            column.name, table.columns[column.name], replace(said.of(column.name), decimal=",")
        )
    return again


def _attribute(name: str, table: Table, said: ItemOverrides) -> list[Column]:
    if name in said.ignore:
        return [Column(name, "ignored", "named in the overrides")]
    if name.startswith("unnamed "):
        return [Column(name, "ignored", "it has no name")]
    return infer_kind(name, table.columns[name], said.of(name))


def _with_title_year(columns: list[Column], table: Table) -> list[Column]:
    """The columns, with a year attribute made from the titles where most end in one and no column has it."""
    title = next(column for column in columns if column.becomes == "title")
    years = title_years(table.columns[title.name])
    if years * 2 <= len(table) or any(YEAR in column.name.casefold() for column in columns):
        return columns
    why = f"from the end of {title.name}, {years:,} of {len(table):,} titles"
    return [*columns, Column(YEAR, Kind.NUMBER, why)]


def _catalog(table: Table, inference: Inference, kinds: Mapping[str, Attribute], rejects: Rejects) -> Catalog:
    title_name = str(inference.of("title"))
    id_name = inference.of("id") or title_name
    from_title = YEAR in kinds and YEAR not in table.columns
    converters = [
        (column.name, values, _converter(column, values))
        for column in inference.columns
        if column.name in kinds and (values := table.columns.get(column.source or column.name)) is not None
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
                if not is_missing(values[at]) and (value := convert(values[at])) is not None:
                    attributes[column] = value
        except ValueError as error:
            rejects.add(str(error), line, column, table.row(at))
            continue
        if from_title and (year := year_in(title)) is not None:
            attributes[YEAR] = year
        items[item_id], line_of[item_id] = Item(item_id, title, attributes), line
    return Catalog(items.values(), Schema(attributes=tuple(kinds.values())))


def _check_new(item_id: str, line_of: Mapping[str, int]) -> None:
    if item_id in line_of:
        raise ValueError(f"id {item_id!r} is already on line {line_of[item_id]}; ids must be unique")


def _converter(column: Column, values: Sequence[Any]) -> Callable[[Any], Value | None]:
    """From a raw value to an attribute's; None where it is none, which the report tells. May raise ValueError."""
    form, kind = column.form, Kind(column.becomes)
    if isinstance(form, NumberForm):
        return lambda value: _known(lambda: _number(form.read(value)))
    if isinstance(form, DateForm):
        return lambda value: _known(lambda: form.read(value))
    if form is not None:
        return lambda value: _known(lambda: form.read(value))
    if kind in SHOWN_ONLY:
        return lambda value: first_address(value) or None
    if kind is Kind.TAGS:
        separator = column.separator or ""
        same = one_spelling(
            column.name, {part for value in values if value for part in _tags(value, separator)}
        )
        return lambda value: (
            tuple(dict.fromkeys(same.get(part, part) for part in _tags(value, separator))) or None
        )
    if kind is Kind.TEXT:
        return lambda value: clean(" ".join(as_list(value, "")))
    texts = {clean(str(value)) for value in values if isinstance(value, str)}
    same = one_spelling(column.name, texts)
    return lambda value: same.get(text := clean(plain_text(value)), text)


def _known(read: Callable[[], Value]) -> Value | None:
    try:
        return read()
    except (ValueError, OverflowError):
        return None


def _number(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number


def _tags(value: Any, separator: str) -> tuple[str, ...]:
    parts = (clean(part) for part in as_list(value, separator))
    return tuple(dict.fromkeys(part for part in parts if part))


def _title(value: Any) -> str:
    title = "" if value is None else clean(plain_text(value))
    if not title:
        raise ValueError("the title is empty")
    return title
