"""An Excel file's rows, with the values that its cells show."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import DataError


def sheet_of(path: Path, named: str | None) -> tuple[str, str]:
    """The sheet to read, the first unless named, and a note where there are several.

    Raises:
        DataError: no readable file, or no sheet of that name.
    """
    names = _workbook(path).sheetnames
    if named is not None:
        if named not in names:
            raise DataError(f"no sheet {named!r}; {nearest_of(named, names)}", path)
        return named, ""
    others = ", ".join(map(repr, names[1:]))
    note = f'{path.name}: sheet {names[0]!r} is read, not {others}; write sheet = "..." for another'
    return names[0], note if others else ""


def excel_rows(path: Path, sheet: str) -> Iterator[tuple[int, list[Any]]]:
    """Rows that are not empty, with their numbers, errors such as "#N/A" as missing."""
    book = _workbook(path)
    for number, row in enumerate(book[sheet].iter_rows(values_only=True), start=1):
        cells = [
            None if isinstance(cell, str) and cell.startswith("#") and cell.isupper() else cell
            for cell in row
        ]
        if any(cell is not None for cell in cells):
            yield number, cells


def _workbook(path: Path) -> Any:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError) as error:
        raise DataError(f"no readable Excel file: {error}; save it as CSV in UTF-8", path) from None
