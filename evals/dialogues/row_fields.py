"""Fields of a row, checked where they are read: an error names the field and what it has to be."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import isfinite
from typing import Any

DAY = 86_400
Fields = Mapping[str, Any]


class FieldError(ValueError):
    """A field is missing or not of its kind.

    Attributes:
        field: its name.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def require(row: Fields, name: str) -> Any:
    """A field's value."""
    if name not in row:
        raise FieldError(name, f"this field is missing; the row has {', '.join(map(str, row)) or 'none'}")
    return row[name]


def text(row: Fields, name: str) -> str:
    """A text; "" for null."""
    value = require(row, name)
    if value is not None and not isinstance(value, str):
        raise _wrong(name, "a text", value)
    return value or ""


def label(row: Fields, name: str) -> str:
    """A text or a whole number, as text: an id.

    >>> label({"id": 7}, "id")
    '7'
    """
    return _label(require(row, name), name)


def number(row: Fields, name: str) -> int:
    """A whole number."""
    value = require(row, name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(name, "a whole number", value)
    return value


def days(row: Fields, name: str) -> float:
    """A moment in time, as days since 1970: seconds since then, or ISO 8601 (UTC where no zone is told).

    >>> days({"time": 86400}, "time"), days({"time": "1970-01-02T12:00:00Z"}, "time")
    (1.0, 1.5)
    """
    value = require(row, name)
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise _wrong(
                name, "seconds since 1970, or ISO 8601 such as 2026-11-30T08:00:00Z", value
            ) from None
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    elif isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        seconds = float(value)
    else:
        raise _wrong(name, "seconds since 1970, or ISO 8601", value)
    return seconds / DAY


def texts(row: Fields, name: str) -> list[str]:
    """A list of texts."""
    values = _list(row, name, "a list of texts")
    if any(not isinstance(value, str) for value in values):
        raise _wrong(name, "a list of texts", values)
    return values


def labels(row: Fields, name: str) -> list[str]:
    """A list of ids, as texts."""
    return [_label(value, name, "a list of ids") for value in _list(row, name, "a list of ids")]


def objects(row: Fields, name: str) -> list[Fields]:
    """A list of objects."""
    values = _list(row, name, "a list of objects")
    if any(not isinstance(value, dict) for value in values):
        raise _wrong(name, "a list of objects", values)
    return values


def table(row: Fields, name: str) -> Fields:
    """An object; an empty list stands for an empty one, as ReDial has it.

    >>> table({"films": []}, "films")
    {}
    """
    value = require(row, name)
    if value == [] or value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(name, "an object", value)
    return value


def one_of(row: Fields, name: str, allowed: Sequence[str]) -> str:
    """One of some words."""
    value = require(row, name)
    if value not in allowed:
        raise FieldError(name, f"{_show(value)}; allowed: {', '.join(allowed)}")
    return str(value)


def _list(row: Fields, name: str, kind: str) -> list[Any]:
    value = require(row, name)
    if not isinstance(value, list):
        raise _wrong(name, kind, value)
    return value


def _label(value: Any, name: str, kind: str = "a text or a whole number") -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise _wrong(name, kind, value)
    return str(value)


def _wrong(name: str, kind: str, value: Any) -> FieldError:
    return FieldError(name, f"must be {kind}, got {_show(value)}")


def _show(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)[:80]
