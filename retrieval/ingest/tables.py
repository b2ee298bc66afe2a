"""A person's file as a table of raw columns, each row with the line it came from.

CSV and TSV give texts, JSON Lines and Parquet typed values; a missing value is None.
"""

from __future__ import annotations

import csv
import io
import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.rejects import Rejects

DELIMITERS = ",;\t|"
_CSV_LIMIT = threading.Lock()
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Table:
    """Columns of a file.

    Attributes:
        path: the file.
        columns: header -> values, all of one length.
        lines: the line on which each row starts, the first line being 1; rows from 1 in Parquet.
    """

    path: Path
    columns: dict[str, list[Any]]
    lines: Sequence[int]

    def __len__(self) -> int:
        return len(self.lines)

    def row(self, at: int) -> dict[str, object]:
        """One row by header."""
        return {name: values[at] for name, values in self.columns.items()}


def read_table(path: Path, rejects: Rejects, encoding: str = "utf-8", delimiter: str | None = None) -> Table:
    """Read CSV, TSV, JSON Lines or Parquet, told apart by the file's ending.

    Args:
        path: the file.
        rejects: takes rows that cannot be read.
        encoding: of a text file.
        delimiter: of a CSV file; guessed from the header unless given.

    Raises:
        DataError: no such file, an unknown ending, nothing in it, wrong encoding, or a bad row.
    """
    if not path.is_file():
        raise DataError("no such file; give a CSV, TSV, JSON Lines or Parquet file", path)
    reader = _READERS.get(path.suffix.casefold())
    if reader is None:
        raise DataError(
            f"cannot read {path.suffix or 'a file without ending'!r}; allowed: {', '.join(_READERS)}", path
        )
    if not path.stat().st_size:
        raise DataError("the file is empty; it needs a header line and at least one row", path)
    table = reader(path, rejects, encoding, delimiter)
    if not len(table) and not rejects.rows:
        raise DataError("no rows below the header; give at least one", path)
    return table


def _read_text(path: Path, encoding: str) -> str:
    raw = path.read_bytes()
    if encoding == "utf-8" and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _wrong_encoding(path, raw, 0, encoding, "utf-16")
    try:
        text = raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except LookupError:
        raise DataError(f"no encoding is called {encoding!r}; write for example 'latin-1'", path) from None
    except UnicodeDecodeError as error:
        raise _wrong_encoding(path, raw, error.start, encoding, "latin-1") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataError("holds NUL characters, so it is no text file", path, line)
    return text


def _wrong_encoding(path: Path, raw: bytes, at: int, encoding: str, guess: str) -> DataError:
    place = at - raw.rfind(b"\n", 0, at)
    return DataError(
        f"byte {raw[at]:#04x}, number {place} of the line, is not {encoding}; convert the file with "
        f'`iconv -f {guess} -t utf-8 {path.name} > utf8-{path.name}`, or set encoding = "{guess}" in the '
        "overrides file",
        path,
        raw.count(b"\n", 0, at) + 1,
    )


def _read_csv(path: Path, rejects: Rejects, encoding: str, delimiter: str | None) -> Table:
    text = _read_text(path, encoding)
    if delimiter is None:
        delimiter = "\t" if path.suffix.casefold() in (".tsv", ".tab") else _delimiter_of(text)
    with _long_fields(len(text)):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows = _csv_rows(reader, path)
        names = _header(next(rows, (1, []))[1], path)
        lines: list[int] = []
        good: list[list[str]] = []
        for line, row in rows:
            if len(row) == len(names):
                good.append(row)
                lines.append(line)
            else:
                fields = f"{len(row)} fields, but the header has {len(names)}"
                rejects.add(f"{fields}; is a value with {delimiter!r} lacking its quotes?", line, None, row)
    columns = zip(*good, strict=True) if good else ((),) * len(names)
    cleaned = [[cell.strip() or None for cell in column] for column in columns]
    return Table(path, dict(zip(names, cleaned, strict=True)), lines)


def _csv_rows(reader: Any, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with the line on which each starts."""
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # After broken quotes nothing tells where the next row starts.
            raise DataError(
                f"broken quotes: {error}; double a quote that belongs to a value", path, line
            ) from None
        if row and (len(row) > 1 or row[0].strip()):
            yield line, row


@contextmanager
def _long_fields(limit: int) -> Iterator[None]:
    with _CSV_LIMIT:  # the limit is the whole process's
        before = csv.field_size_limit(limit + 1)
        try:
            yield
        finally:
            csv.field_size_limit(before)


def _delimiter_of(text: str) -> str:
    header = re.sub(r'"[^"]*"', "", text.lstrip().partition("\n")[0])
    return max(DELIMITERS, key=header.count)


def _header(cells: list[str], path: Path) -> list[str]:
    names = [cell.strip() or f"unnamed {at}" for at, cell in enumerate(cells, start=1)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(f"column {twice[0]!r} occurs twice; rename one", path, 1)
    if not names:
        raise DataError("no header line; the first line must name the columns", path, 1)
    return names


def _read_json_lines(path: Path, rejects: Rejects, encoding: str, _: str | None) -> Table:
    text = _read_text(path, encoding)
    if text.lstrip().startswith("["):
        raise DataError(
            f"a JSON list; write one object per line: `jq -c '.[]' {path.name} > items.jsonl`", path, 1
        )
    records: list[dict[str, Any]] = []
    lines: list[int] = []
    for line, row in enumerate(text.split("\n"), start=1):
        if not row.strip():
            continue
        try:
            records.append(_json_object(row))
        except (ValueError, RecursionError) as error:
            rejects.add(f"no JSON object: {error}", line, None, row)
        else:
            lines.append(line)
    names = dict.fromkeys(name for record in records for name in record)
    return Table(path, {name: [_json_cell(record.get(name)) for record in records] for name in names}, lines)


def _json_object(row: str) -> dict[str, Any]:
    found = json.loads(row, parse_constant=_no_constant)
    if not isinstance(found, dict):
        raise ValueError(f"found a {type(found).__name__}")  # noqa: TRY004 (a bad row, not a bug)
    if "\\u" in row and _SURROGATE.search(json.dumps(found, ensure_ascii=False)):
        raise ValueError("half of a surrogate pair")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")


def _json_cell(value: object) -> object:
    if isinstance(value, str):
        return value.strip() or None
    return value


def _read_parquet(path: Path, _rejects: Rejects, _encoding: str, _delimiter: str | None) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"no readable Parquet file: {error}", path) from None
    names = _header(table.column_names, path)
    columns = {name: [_json_cell(v) for v in table.column(at).to_pylist()] for at, name in enumerate(names)}
    return Table(path, columns, range(1, table.num_rows + 1))


_READERS: dict[str, Callable[[Path, Rejects, str, str | None], Table]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".tab": _read_csv,
    ".jsonl": _read_json_lines,
    ".ndjson": _read_json_lines,
    ".json": _read_json_lines,
    ".parquet": _read_parquet,
    ".pq": _read_parquet,
}
