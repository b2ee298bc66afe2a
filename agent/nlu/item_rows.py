"""Items and attributes as a model reads them in a prompt: short lines of what tells items apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from tastemaker.agent.nlu.tokenizer import shorten
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import LABELS_AT_MOST, label_fields
from tastemaker.retrieval.catalog.schema import EVERY, UNSTATED, Attribute, Kind

MAX_ROW = 150
"""Letters of a row; a description fills what values leave."""
MIN_TEXT = 24
"""Fewer letters of a description tell nothing."""
MAX_TAGS = 4
SHOWN = " [shown]"
"""Behind the row of an item that an earlier list had."""
MAX_LISTED = 30
"""Values of an attribute that are listed; of one that is open only the commonest."""
MAX_OPEN = 5
COMMON = 0.5
"""A value that so many items have tells nothing and is left out."""


class ItemRows:
    """Writes rows for the items of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        schema = catalog.schema
        labels = label_fields(catalog)
        inferred = [
            name
            for name in schema.of_kind(Kind.CATEGORY, Kind.TAGS, Kind.NUMBER, provenance=UNSTATED)
            if schema[name].levels or schema[name].kind in (Kind.TAGS, Kind.CATEGORY)
        ]
        closed = [name for name in inferred if 0 < len(catalog.values(name)) <= LABELS_AT_MOST]
        self._telling = [*labels, *(name for name in closed if schema[name].kind is Kind.TAGS)]
        self._texts = list(schema.of_kind(Kind.TEXT))
        self._common = {
            name: {v for v, rows in catalog.postings(name).items() if len(rows) > COMMON * len(catalog)}
            for name in schema.of_kind(Kind.CATEGORY, Kind.TAGS, provenance=EVERY)
        }

    def row(
        self,
        item: Item,
        fields: Collection[str] = (),
        most: int = MAX_ROW,
        asked_for: Mapping[str, Collection[str]] = MappingProxyType({}),
    ) -> str:
        """An item on one line: its title, the attributes asked about, its labels, and as much of its text as fits.

        Of an attribute's many values those that are ``asked_for``, case folded, come first.
        """
        told = f"{item.title}:"
        for name in dict.fromkeys([*fields, *self._telling]):
            said = self._value(item, name, asked_for.get(name, ()), asked=name in fields)
            if said and len(told) + len(said) + 2 <= most:
                told += f" {said};"
        text = next((str(item.attributes[name]) for name in self._texts if name in item.attributes), "")
        room = most - len(told) - 1
        if text and room >= MIN_TEXT:
            told += " " + shorten(" ".join(text.split()), room)
        return " ".join(told.split()).rstrip(";:")

    def table(
        self,
        ids: Sequence[str],
        fields: Collection[str] = (),
        most: int = MAX_ROW,
        asked_for: Mapping[str, Collection[str]] = MappingProxyType({}),
        shown: Collection[str] = (),
    ) -> str:
        """Rows under the items' ids; those of ``shown`` end in a mark."""
        return "\n".join(
            f"{item_id} | {self.row(self._catalog[item_id], fields, most, asked_for)}"
            f"{SHOWN if item_id in shown else ''}"
            for item_id in ids
        )

    def _value(self, item: Item, name: str, first: Collection[str], *, asked: bool) -> str:
        value = item.attributes.get(name)
        if value is None:
            return f"{name} ?" if asked else ""
        attribute = self._catalog.schema[name]
        if attribute.kind in (Kind.CATEGORY, Kind.TAGS):
            common = () if asked else self._common[name]
            tags = [tag for tag in as_tags(value) if tag.casefold() not in common]
            tags.sort(key=lambda tag: tag.casefold() not in first)
            return ", ".join(tags[:MAX_TAGS])
        if isinstance(value, float):
            value = round(value, 1)
        return f"{name} {value}{' ' + attribute.unit if attribute.unit else ''}"


def describe_vocabulary(catalog: Catalog) -> str:
    """One line per attribute that can be asked for: its values, the commonest of them, or its range.

    Levels with the same steps share a line, so that the steps are said once.
    """
    levels: dict[tuple[str, ...], list[str]] = {}
    lines = []
    for name in catalog.schema.names():
        attribute = catalog.schema[name]
        if attribute.levels:
            levels.setdefault(attribute.levels, []).append(name)
        elif line := _line(attribute, catalog):
            lines.append(line)
    steps = [
        f"- {', '.join(names)} (each): " + ", ".join(f"{n} {step}" for n, step in enumerate(told))
        for told, names in levels.items()
    ]
    return "\n".join([*lines, *steps])


def _line(attribute: Attribute, catalog: Catalog) -> str:
    name = attribute.name
    if attribute.kind in (Kind.CATEGORY, Kind.TAGS):
        values = catalog.values(name)
        if len(values) <= LABELS_AT_MOST:
            more = ", ..." if len(values) > MAX_LISTED else ""
            return f"- {name}: {', '.join(values[:MAX_LISTED])}{more}"
        return f"- {name} (open): {', '.join(values[:MAX_OPEN])}, ..."
    if attribute.kind in (Kind.NUMBER, Kind.DATE):
        return f"- {name} ({_range(attribute, catalog)})"
    return ""


def _range(attribute: Attribute, catalog: Catalog) -> str:
    column = catalog.numbers(attribute.name)
    known = column[np.isfinite(column)]
    if attribute.kind is Kind.DATE or not len(known):
        return str(attribute.kind)
    unit = f" {attribute.unit}" if attribute.unit else ""
    phrase = f"; {attribute.phrase.format('n')}" if attribute.phrase else ""
    return f"{known.min():g} to {known.max():g}{unit}{phrase}"


def fields_of_conditions(names: Iterator[str] | Sequence[str], most: int = 4) -> list[str]:
    """The attributes that rows show for a request, the first of them."""
    return list(dict.fromkeys(names))[:most]
