"""Whether the first line of a file names its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tastemaker.retrieval.errors import DataError

LONG_NAME = 60
"""Characters; what is longer is a value, not a name."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATA = re.compile(r"[+-]?\d[\d.,:/ -]*(?:[AP]M)?|https?://\S+|[\[{].*")


def check_header(path: Path, names: Sequence[str], below: Sequence[list[str] | str], named: bool) -> None:
    """See that the names are names, or, where a person gave them, that they are as many as the values.

    Raises:
        DataError: the first line looks like data; says how to name the columns.
    """
    if named:
        wide = next((len(row) for row in below if not isinstance(row, str)), len(names))
        if wide != len(names):
            raise DataError(f"the overrides name {len(names)} columns, but a line has {wide} values", path, 1)
        return
    data = [name for name in names if _is_data(name)]
    if not data:
        return
    listed = ", ".join(f'"column{n}"' for n in range(1, len(names) + 1))
    raise DataError(
        f"the first line looks like data, not like names of columns ({data[0][:40]!r}); if the file has no "
        f"header, name its columns in the overrides file: columns = [{listed}], with a name for each; "
        "otherwise rename that column",
        path,
        1,
    )


def _is_data(name: str) -> bool:
    return len(name) > LONG_NAME or bool(_DATA.fullmatch(name) and not _YEAR.fullmatch(name))
