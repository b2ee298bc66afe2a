"""What an item is like in everyday words: ``data/everyday-wishes.toml``, sentences for values of facets."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.filters.conditions import Constraint, Not, Op
from tastemaker.retrieval.filters.constraints import satisfies

SOURCE = "data/everyday-wishes.toml"


@dataclass(frozen=True)
class Wish:
    """A value of a facet, and how people speak of it who never heard of facets.

    Attributes:
        condition: met by the items that are so.
        wants: what goes behind "I want".
        refuses: clauses of somebody who does not want it; empty where nobody would say so.
    """

    condition: Constraint
    wants: tuple[str, ...]
    refuses: tuple[str, ...] = ()

    @property
    def refusal(self) -> Not:
        """Met by the items that are not known to be so."""
        return Not(none_of=self.condition)

    def holds_of(self, item: Item) -> bool:
        """Whether an item is known to be so."""
        return self.condition.field in item.attributes and satisfies(item, self.condition)

    def fails_of(self, item: Item) -> bool:
        """Whether an item is known not to be so."""
        return self.condition.field in item.attributes and not satisfies(item, self.condition)


def wishes_for(catalog: Catalog) -> tuple[Wish, ...]:
    """The shipped wishes that a catalogue's attributes can hold."""
    schema = catalog.schema
    numbers = set(schema.names()) & {a.name for a in schema.attributes if a.kind is Kind.NUMBER}
    return tuple(
        wish
        for wish in _shipped()
        if wish.condition.field in schema
        and (wish.condition.op is Op.IS) != (wish.condition.field in numbers)
    )


@cache
def _shipped() -> tuple[Wish, ...]:
    text = (files("tastemaker.evals") / SOURCE).read_text(encoding="utf-8")
    return tuple(map(_wish, tomllib.loads(text)["wish"]))


def _wish(record: dict[str, Any]) -> Wish:
    op = next(op for key, op in _OPS.items() if key in record)
    value = record[next(key for key in _OPS if key in record)]
    condition = Constraint(field=record["field"], op=op, value=value)
    return Wish(condition, tuple(record["wants"]), tuple(record.get("refuses", ())))


_OPS = {"value": Op.IS, "at_least": Op.AT_LEAST, "at_most": Op.AT_MOST}
