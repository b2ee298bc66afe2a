"""Rows of a JSON Lines file, their fields checked where they are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tastemaker.retrieval.errors import DataError

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One object of a file, and where it stands.

    Every method raises DataError, naming file, line and field, where the field is not of its kind.
    """

    path: Path
    line: int
    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A text field."""
        return self._checked(name, _text, "a text")

    def optional_text(self, name: str) -> str:
        """A text field that may be missing or null: then it is empty."""
        return "" if self.fields.get(name) is None else self.text(name)

    def label(self, name: str) -> str:
        """A text or a whole number, as text: an id."""
        return self._checked(name, _label, "a text or a whole number")

    def number(self, name: str) -> int:
        """A whole number."""
        return self._checked(name, _number, "a whole number")

    def texts(self, name: str) -> list[str]:
        """A list of texts."""
        return self._checked(name, lambda value: [_text(one) for one in _list(value)], "a list of texts")

    def labels(self, name: str) -> list[str]:
        """A list of ids, as texts."""
        return self._checked(name, lambda value: [_label(one) for one in _list(value)], "a list of ids")

    def objects(self, name: str) -> list[Row]:
        """A list of objects, each with the same place in the file."""
        found = self._checked(
            name, lambda value: [_object(one) for one in _list(value)], "a list of JSON objects"
        )
        return [Row(self.path, self.line, one) for one in found]

    def table(self, name: str) -> Mapping[str, Any]:
        """An object; an empty list stands for an empty one, as PHP writes it."""
        return self._checked(name, lambda value: {} if value == [] else _object(value), "a JSON object")

    def wrong(self, reason: str, name: str) -> DataError:
        """The error to raise for a field."""
        return DataError(reason, self.path, self.line, name)

    def _checked(self, name: str, read: Callable[[Any], T], kind: str) -> T:
        if name not in self.fields:
            raise self.wrong(f"no field {name!r}; the row has {', '.join(self.fields) or 'none'}", name)
        try:
            return read(self.fields[name])
        except TypeError:
            shown = json.dumps(self.fields[name], ensure_ascii=False)[:80]
            raise self.wrong(f"{name} must be {kind}, got {shown}", name) from None


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a JSON Lines file; empty lines are passed over.

    Raises:
        DataError: no such file, or a line that is no JSON object; names file and line.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _row(path, number, line)
    except OSError as error:
        raise DataError(f"cannot be read ({error.strerror}); is the path right?", path) from error
    except UnicodeDecodeError as error:
        raise DataError(f"is not UTF-8 text ({error.reason})", path) from error


def _row(path: Path, number: int, line: str) -> Row:
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise DataError(f"no JSON ({error}); every line is one JSON object", path, number) from None
    if not isinstance(fields, dict):
        raise DataError(f"every line is one JSON object, got {line.strip()[:40]!r}", path, number)
    return Row(path, number, fields)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _label(value: Any) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise TypeError
    return str(value)


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value
