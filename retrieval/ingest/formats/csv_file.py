"""A delimited text file as rows: which character delimits, and how quotes are meant.

Four ways of quoting are tried over the whole file, and the one with the fewest broken rows is taken, the
first of equals: quotes doubled inside quotes; escaped with a backslash; plain letters; and loosely, where a
quote inside a value is a letter too, as long as each line splits in one way into as many values as the
header has.
"""

from __future__ import annotations

import csv
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import IO, Any

from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.formats.text_file import TextFile

DELIMITERS = ",;\t|"
SAMPLE_LINES = 200
MAX_JOINED = 50
"""Lines that one loosely quoted value may span."""
UNSPLIT = "broken quotes: the line does not split in one way into as many values as the header"
MAX_FIELD = 1 << 30
_CSV_LIMIT = threading.Lock()

Row = tuple[int, list[str] | str, int]
"""A row's first line, its cells, and how many lines it spans; a text for cells says what is wrong with it."""
Reader = Callable[[IO[str], str, int | None], Iterator[Row]]


def csv_rows(file: TextFile, delimiter: str, width: int | None, quoting: str) -> Iterator[Row]:
    """Rows that are not blank, the header among them; ``width`` is how many cells are right."""
    with long_fields(), file.open() as text:
        yield from READERS[quoting](text, delimiter, width)


def choose_quoting(file: TextFile, delimiter: str) -> tuple[str, int]:
    """The way of quoting that breaks the fewest lines, and how many it breaks."""
    if not file.quoted:
        return "none", 0
    best = ("doubled", -1)
    for name in READERS:
        header = next(csv_rows(file, delimiter, None, name), None)
        if header is None or isinstance(header[1], str):
            continue
        width = len(header[1])
        bad = sum(
            lines if isinstance(row, str) else 1
            for _, row, lines in csv_rows(file, delimiter, width, name)
            if isinstance(row, str) or len(row) != width
        )
        if best[1] < 0 or bad < best[1]:
            best = (name, bad)
        if not bad:
            break
    return best


def delimiter_of(file: TextFile) -> str:
    """The character that splits the first lines most evenly into most values."""
    with file.open() as text:
        lines = [line for line in islice(text, SAMPLE_LINES) if line.strip()]
    header = re.sub(r'"[^"]*"', "", lines[0]) if lines else ""
    best, score = max(DELIMITERS, key=header.count), (0.0, 0)
    for delimiter in DELIMITERS:
        if delimiter not in header:
            continue
        counts = [re.sub(r'"[^"]*"', "", line).count(delimiter) for line in lines]
        even = sum(count == counts[0] for count in counts) / len(counts)
        if (round(even, 1), counts[0]) > score:
            best, score = delimiter, (round(even, 1), counts[0])
    return best


@contextmanager
def long_fields() -> Iterator[None]:
    """Lets the csv module read values of any length."""
    with _CSV_LIMIT:  # the limit is the whole process's
        before = csv.field_size_limit(MAX_FIELD)
    try:
        yield
    finally:
        with _CSV_LIMIT:
            csv.field_size_limit(before)


def _by_module(**options: Any) -> Reader:
    def read(text: IO[str], delimiter: str, _: int | None) -> Iterator[Row]:
        reader = csv.reader(text, delimiter=delimiter, strict=True, **options)
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                what = f"broken quotes: {error}; double a quote that belongs to a value"
                yield line, what, reader.line_num - line + 1
                continue
            if row and (len(row) > 1 or row[0].strip()):
                yield line, row, 1

    return read


def _read_loosely(text: IO[str], delimiter: str, width: int | None) -> Iterator[Row]:
    lines = enumerate(text, start=1)
    for at, line in lines:
        whole = line.rstrip("\r\n")
        if not whole.strip():
            continue
        cells = _split(whole, delimiter, width)
        joined = 0
        opened = cells is None and whole.count('"') % 2 == 1
        while cells is None and opened and joined < MAX_JOINED and (more := next(lines, None)):
            joined += 1
            whole += "\n" + more[1].rstrip("\r\n")
            cells = _split(whole, delimiter, width)
        yield at, cells or UNSPLIT, 1 + joined


def _split(line: str, delimiter: str, width: int | None) -> list[str] | None:
    """The one way to split a line into ``width`` values, quotes inside them being letters; None if there is not one."""
    parts = line.split(delimiter)
    if width is None or '"' not in line:
        return [_unquoted(part) for part in parts]
    ways = _ways(parts, width, delimiter)
    return ways[0] if len(ways) == 1 else None


def _ways(parts: Sequence[str], width: int, delimiter: str) -> list[list[str]]:
    """The ways, at most two, to merge parts into values: several parts make one where quotes enclose them."""
    found: list[list[str]] = []

    def go(at: int, cells: list[str]) -> None:
        left = width - len(cells)
        if len(found) > 1 or len(parts) - at < left:
            return
        if not left:
            if at == len(parts):
                found.append(cells)
            return
        go(at + 1, [*cells, _unquoted(parts[at])])
        if parts[at].lstrip().startswith('"'):
            for end in range(at + 1, len(parts)):
                if parts[end - 1].rstrip().endswith('"') and parts[end].lstrip().startswith('"'):
                    return  # a quote on either side of a delimiter: two values, not one
                if parts[end].rstrip().endswith('"'):
                    go(end + 1, [*cells, _unquoted(delimiter.join(parts[at : end + 1]))])

    go(0, [])
    return found


def _unquoted(cell: str) -> str:
    bare = cell.strip()
    if len(bare) > 1 and bare.startswith('"') and bare.endswith('"'):
        return bare[1:-1].replace('""', '"')
    return cell


READERS: dict[str, Reader] = {
    "doubled": _by_module(),
    "escaped": _by_module(escapechar="\\"),
    "loose": _read_loosely,
    "none": _by_module(quoting=csv.QUOTE_NONE),
}


def header_of(cells: list[str], path: Any) -> list[str]:
    """Names of the columns; one without a name is called "unnamed N".

    Raises:
        DataError: a name occurs twice.
    """
    names = [cell.strip() or f"unnamed {at}" for at, cell in enumerate(cells, start=1)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(f"column {twice[0]!r} occurs twice; rename one", path, 1)
    if not names:
        raise DataError("no header line; the first line must name the columns", path, 1)
    return names
