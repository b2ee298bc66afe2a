"""Pieces of the JSON schemas that models fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any


def list_shape(items: Mapping[str, Any]) -> dict[str, Any]:
    """An array."""
    return {"type": "array", "items": items}


def object_shape(properties: Mapping[str, Any], required: Sequence[str] | None = None) -> dict[str, Any]:
    """An object with these properties and no others, all of them required unless told."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties) if required is None else list(required),
        "additionalProperties": False,
    }


def text_shape(most: int) -> dict[str, Any]:
    """A string of bounded length, which the grammar ends before the tokens do."""
    return {"type": "string", "maxLength": most}


def enum_shape(values: type[StrEnum]) -> dict[str, Any]:
    """One of the values of an enumeration."""
    return {"enum": [str(value) for value in values]}


def titled(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A form with a name."""
    return {"title": name, "description": f"the {name} form", **schema}
