"""The film profiles that are shipped with the project: director, cast, themes, premise."""

from __future__ import annotations

import json
from importlib import resources

from tastemaker.retrieval.catalog.schema import Attribute, Kind, Value

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
    file = resources.files("tastemaker.retrieval") / "data" / f"{name}-profiles.jsonl"
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {str(record["item_id"]): _attributes(record) for record in records}


def _attributes(record: dict[str, object]) -> dict[str, Value]:
    known: dict[str, Value] = {}
    for attribute in PROFILE_ATTRIBUTES:
        value = record.get(attribute.name)
        if value:
            known[attribute.name] = tuple(value) if isinstance(value, list) else str(value)
    return known
