"""Lists and objects inside cells: JSON, Python literals, R vectors, PostgreSQL arrays."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from typing import Any

NAME_FIELDS = ("name", "title", "label", "value", "tag", "text", "english_name", "username")
"""Of a list of objects, the first of these fields is the value."""
MAX_FIELDS = 24
"""An object with more fields is no record but a table of its own."""
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_NUMPY = re.compile(r"['\"]\s+['\"]")
_VECTOR = re.compile(r"(?:c|list)\((.*)\)", re.DOTALL)
_ARRAY = re.compile(r"\{([^{}:]*)\}")


def parse_cell(text: str) -> Any:
    """What a cell holds, a list or an object; None where it is plain text.

    >>> parse_cell('["a", "b"]'), parse_cell("[{'id': 1, 'name': 'Drama'}]"), parse_cell("['a' 'b']")
    (['a', 'b'], ['Drama'], ['a', 'b'])
    >>> parse_cell('{Action,Drama}'), parse_cell('{"rating": 4}'), parse_cell("plain")
    (['Action', 'Drama'], {'rating': 4}, None)
    """
    text = text.strip()
    first, last = text[:1], text[-1:]
    if first == "[" and last == "]":
        return _list(text)
    if first == "{" and last == "}":
        return _object(text)
    if last == ")" and (found := _VECTOR.fullmatch(text)) and '"' in text:
        return [one or two for one, two in _QUOTED.findall(found[1])]
    return None


def named_values(value: Any) -> Any:
    """A list with its objects replaced by their names; an object that has a name, as a list of it."""
    if isinstance(value, dict):
        name = _name(value)
        return value if name is None else [name]
    if isinstance(value, Sequence) and not isinstance(value, str):
        named = [_name(one) if isinstance(one, dict) else one for one in value]
        return (
            value
            if any(one is None and isinstance(two, dict) for one, two in zip(named, value, strict=True))
            else named
        )
    return value


def _name(record: dict[Any, Any]) -> Any:
    folded = {str(key).casefold(): value for key, value in record.items()}
    return next((folded[field] for field in NAME_FIELDS if isinstance(folded.get(field), str | int)), None)


def _list(text: str) -> Any:
    if _NUMPY.search(text) and "," not in _QUOTED.sub("", text):
        return [one or two for one, two in _QUOTED.findall(text)]
    found = _literal(text)
    if isinstance(found, list | tuple | set):
        return named_values(list(found))
    inner = text[1:-1].strip()
    if inner and not re.search(r"[\[\]{}\"']", inner):
        return [part.strip() for part in inner.split(",")]
    return None


def _object(text: str) -> Any:
    found = _literal(text)
    if isinstance(found, dict):
        return named_values(found)
    if isinstance(found, set | frozenset):
        return sorted(map(str, found))
    if array := _ARRAY.fullmatch(text):
        return [part.strip().strip('"') for part in array[1].split(",") if part.strip()]
    return None


def _literal(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None
