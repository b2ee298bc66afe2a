"""A person's file as a table of raw columns, each row with the line it came from.

CSV and TSV give texts, JSON Lines, Parquet and Excel typed values; a missing value is None. A large file is
read in chunks, so that no more than one of them is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.formats.csv_file import choose_quoting, csv_rows, delimiter_of, header_of
from tastemaker.retrieval.ingest.formats.header import check_header
from tastemaker.retrieval.ingest.formats.json_file import json_records, path_kind
from tastemaker.retrieval.ingest.formats.text_file import open_bytes, text_file
from tastemaker.retrieval.ingest.rejects import Rejects

CHUNK = 100_000
"""Rows that are held at a time."""


@dataclass(frozen=True)
class Form:
    """How a file is written, as far as a person said; None, or no names, where it is found out.

    Attributes:
        encoding: of a text file.
        delimiter: of a CSV file.
        columns: names of the columns of a file without a header line.
        sheet: of an Excel file.
    """

    encoding: str | None = None
    delimiter: str | None = None
    columns: tuple[str, ...] = ()
    sheet: str | None = None


@dataclass(frozen=True)
class Table:
    """Columns of a file, or of a chunk of it.

    Attributes:
        path: the file.
        columns: header -> values, all of one length.
        lines: the line on which each row starts, the first line being 1; rows from 1 in Parquet.
        notes: what had to be decided to read it, for a person.
    """

    path: Path
    columns: dict[str, list[Any]]
    lines: Sequence[int]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.lines)

    def row(self, at: int) -> dict[str, object]:
        """One row by header."""
        return {name: values[at] for name, values in self.columns.items()}

    def column(self, name: str) -> list[Any]:
        """A column's values; all missing where the chunk has none."""
        return self.columns.get(name) or [None] * len(self)


@dataclass
class Source:
    """A file that is ready to be read, chunk by chunk, as often as needed."""

    path: Path
    read: Callable[[Rejects, int], Iterator[Table]]
    notes: list[str] = field(default_factory=list)

    def chunks(self, rejects: Rejects, size: int = CHUNK) -> Iterator[Table]:
        """Tables of at most ``size`` rows; rows that cannot be read go to ``rejects``."""
        return self.read(rejects, size)

    def sample(self, rows: int) -> Table:
        """The first rows, broken ones left out."""
        quiet = Rejects(self.path, skip=True)
        return next(self.read(quiet, rows), Table(self.path, {}, []))


def open_source(path: Path, form: Form | None = None) -> Source:
    """Find out how a file is written: CSV, TSV, JSON Lines, Parquet or Excel, told apart by its ending.

    Raises:
        DataError: no such file, an unknown ending, nothing in it, or it cannot be read as what it is.
    """
    if not path.is_file():
        raise DataError("no such file; give a CSV, TSV, JSON Lines, Parquet or Excel file", path)
    opener = _OPENERS.get(path_kind(path))
    if opener is None:
        raise DataError(
            f"cannot read {path.suffix or 'a file without ending'!r}; allowed: {', '.join(_OPENERS)}", path
        )
    if not path.stat().st_size:
        raise DataError("the file is empty; it needs a header line and at least one row", path)
    return opener(path, form or Form())


def read_table(path: Path, rejects: Rejects, form: Form | None = None) -> Table:
    """A whole file as a table.

    Args:
        path: the file.
        rejects: takes rows that cannot be read.
        form: how it is written, as far as that was said.

    Raises:
        DataError: as :func:`open_source`, or a bad row.
    """
    source = open_source(path, form)
    columns: dict[str, list[Any]] = {}
    lines: list[int] = []
    for chunk in source.chunks(rejects):
        for name in chunk.columns:
            columns.setdefault(name, [None] * len(lines))
        for name, values in columns.items():
            values += chunk.column(name)
        lines += chunk.lines
    if not lines and not rejects.rows:
        raise DataError("no rows below the header; give at least one", path)
    return Table(path, columns, lines, tuple(source.notes))


def _open_csv(path: Path, form: Form) -> Source:
    file = text_file(path, form.encoding)
    tabs = path_kind(path) in (".tsv", ".tab")
    delimiter = form.delimiter or ("\t" if tabs else delimiter_of(file))
    quoting, bad = choose_quoting(file, delimiter)
    notes = [note for note in (file.note, _QUOTING_NOTES.get(quoting, "").format(path.name)) if note]
    first = next(csv_rows(file, delimiter, None, "doubled" if quoting == "loose" else quoting), None)
    if first is None or isinstance(first[1], str):
        reason = first[1] if first and isinstance(first[1], str) else "no header line"
        raise DataError(f"{reason}; the first line must name the columns", path, 1)
    names = header_of(first[1], path) if not form.columns else list(form.columns)
    below = csv_rows(file, delimiter, len(names), quoting)
    check_header(path, names, list(islice((row for _, row, _ in below), 1, 20)), bool(form.columns))
    skipped = 0 if form.columns else 1

    def read(rejects: Rejects, size: int) -> Iterator[Table]:
        rows = islice(csv_rows(file, delimiter, len(names), quoting), skipped, None)
        lines: list[int] = []
        good: list[list[str]] = []
        for line, row, _ in rows:
            if isinstance(row, str):
                rejects.add(row, line, None, "")
            elif len(row) != len(names):
                fields = f"{len(row)} fields, but the header has {len(names)}"
                rejects.add(f"{fields}; is a value with {delimiter!r} lacking its quotes?", line, None, row)
            else:
                good.append(row)
                lines.append(line)
                if len(good) == size:
                    yield _csv_table(path, names, good, lines)
                    good, lines = [], []
        yield _csv_table(path, names, good, lines)

    if bad and quoting != "none":
        notes.append(f"{path.name}: {bad:,} lines have broken quotes, read as {quoting} ones")
    return Source(path, read, notes)


_QUOTING_NOTES = {
    "escaped": "{}: quotes inside values are escaped with a backslash",
    "loose": "{}: quotes inside values are not doubled; they are read as letters",
}


def _csv_table(path: Path, names: list[str], rows: list[list[str]], lines: list[int]) -> Table:
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    cleaned = [[cell.strip() or None for cell in column] for column in columns]
    return Table(path, dict(zip(names, cleaned, strict=True)), lines)


def _open_json(path: Path, form: Form) -> Source:
    file = text_file(path, form.encoding)

    def read(rejects: Rejects, size: int) -> Iterator[Table]:
        records: list[dict[str, Any]] = []
        lines: list[int] = []
        for line, record, text in json_records(file):
            if isinstance(record, str):
                rejects.add(record, line, None, text)
                continue
            records.append(record)
            lines.append(line)
            if len(lines) == size:
                yield _record_table(path, records, lines)
                records, lines = [], []
        yield _record_table(path, records, lines)

    return Source(path, read, [file.note] if file.note else [])


def _record_table(path: Path, records: list[dict[str, Any]], lines: list[int]) -> Table:
    names = dict.fromkeys(str(name) for record in records for name in record)
    return Table(path, {name: [_cell(record.get(name)) for record in records] for name in names}, lines)


def _cell(value: object) -> object:
    if isinstance(value, str):
        return value.strip() or None
    return value


def _open_parquet(path: Path, _form: Form) -> Source:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"no readable Parquet file: {error}", path) from None
    names = header_of(file.schema_arrow.names, path)

    def read(_: Rejects, size: int) -> Iterator[Table]:
        start = 1
        try:
            for batch in file.iter_batches(size):
                columns = {n: [_cell(v) for v in batch.column(at).to_pylist()] for at, n in enumerate(names)}
                yield Table(path, columns, range(start, start + batch.num_rows))
                start += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise DataError(f"no readable Parquet file: {error}", path) from None

    return Source(path, read)


def _open_excel(path: Path, form: Form) -> Source:
    from tastemaker.retrieval.ingest.formats.excel_file import excel_rows, sheet_of

    sheet, note = sheet_of(path, form.sheet)
    first = next(excel_rows(path, sheet), (1, []))
    names = list(form.columns) or header_of([str(cell or "") for cell in first[1]], path)

    def read(_: Rejects, size: int) -> Iterator[Table]:
        rows = islice(excel_rows(path, sheet), 0 if form.columns else 1, None)
        while part := list(islice(rows, size)):
            columns = {
                n: [_cell(row[at]) if at < len(row) else None for _, row in part]
                for at, n in enumerate(names)
            }
            yield Table(path, columns, [line for line, _ in part])

    return Source(path, read, [note] if note else [])


def _open_zip(path: Path, _form: Form) -> Source:
    raise DataError("a zip archive; unpack it and give one file (gzip is read as it is)", path)


def _open_old_excel(path: Path, _form: Form) -> Source:
    with open_bytes(path):
        raise DataError("the old Excel format; save it as .xlsx or as CSV in UTF-8", path)


_OPENERS: dict[str, Callable[[Path, Form], Source]] = {
    ".csv": _open_csv,
    ".tsv": _open_csv,
    ".tab": _open_csv,
    ".txt": _open_csv,
    ".jsonl": _open_json,
    ".ndjson": _open_json,
    ".json": _open_json,
    ".parquet": _open_parquet,
    ".pq": _open_parquet,
    ".xlsx": _open_excel,
    ".xls": _open_old_excel,
    ".zip": _open_zip,
}
