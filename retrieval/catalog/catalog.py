"""The catalogue: items in a fixed row order, their schema, and columns for fast filters."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.postings import Postings
from tastemaker.retrieval.catalog.schema import STATED, Kind, Schema, Value
from tastemaker.retrieval.errors import DataError, QueryError


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be recommended.

    ``attributes`` holds only what is known: a missing value is a missing key.
    """

    id: str
    title: str
    attributes: Mapping[str, Value]

    def as_dict(self) -> dict[str, object]:
        """Plain JSON values; dates as ISO text."""
        return {
            "id": self.id,
            "title": self.title,
            "attributes": {name: plain(value) for name, value in self.attributes.items()},
        }


def plain(value: Value) -> str | int | float | list[str]:
    """The JSON form of an attribute value.

    >>> plain(("a", "b")), plain(date(1995, 1, 2)), plain(3)
    (['a', 'b'], '1995-01-02', 3)
    """
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


class Catalog:
    """Items by row and by id. Rows are 0-based and never change within a workspace.

    Raises:
        DataError: two items share an id, or an item carries an attribute outside the schema.
    """

    def __init__(self, items: Iterable[Item], schema: Schema) -> None:
        self.schema = schema
        self._items = tuple(items)
        self._rows = {item.id: row for row, item in enumerate(self._items)}
        if len(self._rows) != len(self._items):
            seen: set[str] = set()
            twice = next(i.id for i in self._items if i.id in seen or seen.add(i.id))  # type: ignore[func-returns-value]
            raise DataError(f"item id {twice!r} occurs twice; ids must be unique, remove or rename one")
        self._number_columns: dict[str, npt.NDArray[np.float64]] = {}
        self._postings: dict[str, Postings] = {}
        self._spellings: dict[str, list[str]] = {}
        self._by_fold: dict[str, dict[str, str]] = {}
        self._texts: dict[str, tuple[str, npt.NDArray[np.int64]]] = {}

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._rows

    def __getitem__(self, item_id: str) -> Item:
        return self._items[self.row(item_id)]

    def row(self, item_id: str) -> int:
        """Row of an item id.

        Raises:
            QueryError: no such item.
        """
        try:
            return self._rows[item_id]
        except KeyError:
            raise QueryError(f"no item with id {item_id!r} among the catalogue's {len(self):,}") from None

    def at(self, row: int) -> Item:
        """The item in a row."""
        return self._items[row]

    def rows(self, item_ids: Iterable[str]) -> npt.NDArray[np.int64]:
        """Rows of several ids, int64[n]; raises like :meth:`row`."""
        return np.fromiter((self.row(item_id) for item_id in item_ids), dtype=np.int64)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Item ids in row order."""
        return tuple(item.id for item in self._items)

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """A number or date attribute as float64[n_items]; NaN where missing, dates as proleptic ordinals."""
        if name not in self._number_columns:
            self._number_columns[name] = np.array(
                [_as_number(item.attributes.get(name)) for item in self._items]
            )
        return self._number_columns[name]

    def postings(self, name: str) -> Postings:
        """For a category or tags attribute: value (casefolded) -> rows that have it, ascending int32."""
        if name not in self._postings:
            self._postings[name] = Postings(as_tags(item.attributes.get(name)) for item in self._items)
        return self._postings[name]

    def text_contains(self, name: str, part: str) -> npt.NDArray[np.bool_]:
        """Which rows have ``part`` inside a text attribute, case aside: bool[n_items]."""
        joined, ends = self._join_texts(name)
        part, rows = part.casefold(), np.zeros(len(self), dtype=np.bool_)
        at = joined.find(part)
        while 0 <= at < len(joined):
            row = int(np.searchsorted(ends, at, side="right"))
            inside = at + len(part) <= ends[row]
            rows[row] |= inside
            at = joined.find(part, int(ends[row]) if inside else at + 1)
        return rows

    def _join_texts(self, name: str) -> tuple[str, npt.NDArray[np.int64]]:
        """All texts of an attribute as one casefolded string, and where each row's part ends."""
        if name not in self._texts:
            texts = [str(item.attributes.get(name, "")).casefold() for item in self._items]
            self._texts[name] = ("".join(texts), np.cumsum([len(text) for text in texts], dtype=np.int64))
        return self._texts[name]

    def values(self, name: str) -> list[str]:
        """Spellings of a category or tags attribute, the most frequent first, ties by spelling."""
        if name not in self._spellings:
            counts: dict[str, int] = {}
            for item in self._items:
                for value in as_tags(item.attributes.get(name)):
                    counts[value] = counts.get(value, 0) + 1
            self._spellings[name] = sorted(counts, key=lambda value: (-counts[value], value))
        return list(self._spellings[name])

    def spellings(self, name: str) -> Mapping[str, str]:
        """For a category or tags attribute: value (casefolded) -> its most frequent spelling, in that order."""
        if name not in self._by_fold:
            found: dict[str, str] = {}
            for value in self.values(name):
                found.setdefault(value.casefold(), value)
            self._by_fold[name] = found
        return self._by_fold[name]

    @cached_property
    def content_hash(self) -> str:
        """sha256 over schema and items; equal content gives an equal hash on any machine."""
        stated, rest = self._hashes
        return hashlib.sha256(f"{stated} {rest}".encode()).hexdigest() if rest else stated

    @cached_property
    def stated_hash(self) -> str:
        """The same without what is inferred or computed: it says whether an index still fits the catalogue.

        The indexes hold only what the catalogue states, so they outlast an enrichment.
        """
        return self._hashes[0]

    @cached_property
    def _hashes(self) -> tuple[str, str]:
        """Of the stated attributes, and of the others ("" where there are none), in one pass over the items."""
        names = set(self.schema.names(STATED))
        schemas = [
            Schema(attributes=tuple(one for one in self.schema.attributes if (one.name in names) == stated))
            for stated in (True, False)
        ]
        # Without defaults, so that a field that Attribute gains later leaves built workspaces valid.
        dumps = (schema.model_dump_json(exclude_defaults=True) for schema in schemas)
        stated, rest = (hashlib.sha256(dump.encode()) for dump in dumps)
        for item in self._items:
            record = item.as_dict()
            others = {name: plain(value) for name, value in item.attributes.items() if name not in names}
            if others:
                own = {name: value for name, value in record["attributes"].items() if name in names}  # type: ignore[attr-defined]
                record["attributes"] = own
            stated.update(json.dumps(record, sort_keys=True, ensure_ascii=False).encode())
            rest.update(json.dumps(others, sort_keys=True, ensure_ascii=False).encode())
        return stated.hexdigest(), rest.hexdigest() if schemas[1].attributes else ""


def as_tags(value: Value | None) -> Sequence[str]:
    """A category or tags value as a sequence of strings; empty where missing."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (str(value),)


def _as_number(value: Value | None) -> float:
    if isinstance(value, date):
        return float(value.toordinal())
    return float(value) if isinstance(value, int | float) else float("nan")


def item_from_dict(record: Mapping[str, object], schema: Schema) -> Item:
    """The inverse of :meth:`Item.as_dict`."""
    raw = record["attributes"]
    attributes = {name: _convert(value, schema[name].kind) for name, value in raw.items()}  # type: ignore[attr-defined]
    return Item(str(record["id"]), str(record["title"]), attributes)


def _convert(value: object, kind: Kind) -> Value:
    if kind is Kind.TAGS:
        return tuple(value)  # type: ignore[arg-type]
    if kind is Kind.DATE:
        return date.fromisoformat(str(value))
    return value  # type: ignore[return-value]
