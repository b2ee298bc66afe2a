"""The film profiles that are shipped with the project: director, cast, themes, premise."""

from __future__ import annotations

from tastemaker.retrieval.catalog.schema import Attribute, Kind, Value
from tastemaker.retrieval.datasets.shipped_records import shipped_records

PROFILE_ATTRIBUTES = (
    Attribute(name="director", kind=Kind.TAGS),
    Attribute(name="cast", kind=Kind.TAGS),
    Attribute(name="themes", kind=Kind.TAGS),
    Attribute(name="premise", kind=Kind.TEXT),
)


def read_profiles(name: str) -> dict[str, dict[str, Value]]:
    """Attributes by item id, for a data set that has profiles in this package; only what is known.

    Args:
        name: the data set's, as in "ml-100k".
    """
    return {item: _attributes(record) for item, record in shipped_records(f"{name}-profiles")}


def _attributes(record: dict[str, object]) -> dict[str, Value]:
    known: dict[str, Value] = {}
    for attribute in PROFILE_ATTRIBUTES:
        value = record.get(attribute.name)
        if value:
            known[attribute.name] = tuple(value) if isinstance(value, list) else str(value)
    return known
