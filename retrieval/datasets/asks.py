"""The asks that are shipped with the project: phrases in which people would ask for each film.

They were written from knowledge of the films, without any request at hand, so they are no
statement about a film: they are searched, and never shown.
"""

from __future__ import annotations

from tastemaker.retrieval.datasets.shipped_records import has_records, shipped_records


def shipped_asks(name: str) -> dict[str, tuple[str, ...]]:
    """Asks by item id, for a data set that has some in this package; none for another.

    Args:
        name: the data set's, as in "ml-100k".
    """
    stem = f"{name}-asks"
    if not has_records(stem):
        return {}
    return {item: _phrases(record["asks"]) for item, record in shipped_records(stem)}


def _phrases(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
