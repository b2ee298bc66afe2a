"""What a hard condition says: constraints on single attributes, joined by and, or, not.

This file holds the words only; :mod:`tastemaker.retrieval.filters.constraints` says whether they
make sense for a catalogue and which items meet them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeAlias, TypeVar, Union, cast

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator, model_validator

from tastemaker.retrieval.errors import QueryError

Scalar = str | int | float | date

MAX_DEPTH = 64
"""Conditions nested deeper than this are refused."""


class Op(StrEnum):
    """What a constraint may ask of an attribute."""

    IS = "is"
    IS_NOT = "is_not"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    ALL_OF = "all_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"
    BEFORE = "before"
    AFTER = "after"
    CONTAINS = "contains"


class Constraint(BaseModel):
    """One hard condition: ``Constraint(field="year", op="between", value=(1990, 1999))``.

    Nothing is checked against a catalogue until :func:`tastemaker.retrieval.filters.constraints.check`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    op: Op
    value: Scalar | tuple[Scalar, ...]

    @field_validator("value", mode="before")
    @classmethod
    def _name_truth(cls, value: object) -> object:
        return str(value).lower() if isinstance(value, bool) else value


class _Joined(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="after")
    def _not_too_deep(self) -> _Joined:
        if depth(cast("Condition", self)) > MAX_DEPTH:
            raise QueryError(f"conditions are nested deeper than {MAX_DEPTH} levels; write them flatter")
        return self


class AllOf(_Joined):
    """Met by an item that meets every part; :func:`all_of` joins and flattens."""

    all_of: tuple[Condition, ...] = Field(min_length=1)


class AnyOf(_Joined):
    """Met by an item that meets at least one part; :func:`any_of` joins and flattens."""

    any_of: tuple[Condition, ...] = Field(min_length=1)


class Not(_Joined):
    """Met by an item that does not meet the condition, so also where the value is missing."""

    none_of: Condition


Condition: TypeAlias = Union[Constraint, AllOf, AnyOf, Not]  # noqa: UP007 (a forward reference for pydantic)
"""A hard condition; immutable, hashable, and plain JSON through ``model_dump(mode="json")``."""

for _node in (AllOf, AnyOf, Not):
    _node.model_rebuild()

CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
"""Reads a condition back from its JSON."""

_C = TypeVar("_C", bound=Condition)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """What a condition joins; nothing for a constraint."""
    if isinstance(condition, AllOf):
        return condition.all_of
    if isinstance(condition, AnyOf):
        return condition.any_of
    return (condition.none_of,) if isinstance(condition, Not) else ()


def depth(condition: Condition) -> int:
    """Levels of a condition: 1 for a constraint."""
    return 1 + max((depth(part) for part in parts_of(condition)), default=0)


def leaves(condition: Condition) -> Iterator[Constraint]:
    """The constraints in a condition, from left to right."""
    if isinstance(condition, Constraint):
        yield condition
    for part in parts_of(condition):
        yield from leaves(part)


def map_leaves(condition: _C, change: Callable[[Constraint], Constraint]) -> _C:
    """The same condition with each constraint changed."""
    changed: Condition
    if isinstance(condition, Constraint):
        changed = change(condition)
    elif isinstance(condition, Not):
        changed = Not(none_of=map_leaves(condition.none_of, change))
    else:
        parts = tuple(map_leaves(part, change) for part in parts_of(condition))
        changed = AllOf(all_of=parts) if isinstance(condition, AllOf) else AnyOf(any_of=parts)
    return cast("_C", changed)


def all_of(conditions: Sequence[Condition]) -> Condition:
    """One condition that stands for all of at least one; no "and" directly within an "and"."""
    parts = [p for c in conditions for p in (c.all_of if isinstance(c, AllOf) else (c,))]
    return parts[0] if len(parts) == 1 else AllOf(all_of=tuple(parts))


def any_of(conditions: Sequence[Condition]) -> Condition:
    """One condition that stands for any of at least one; no "or" directly within an "or"."""
    parts = [p for c in conditions for p in (c.any_of if isinstance(c, AnyOf) else (c,))]
    return parts[0] if len(parts) == 1 else AnyOf(any_of=tuple(parts))


def values_of(constraint: Constraint) -> tuple[Scalar, ...]:
    """The value or values as a tuple."""
    return constraint.value if isinstance(constraint.value, tuple) else (constraint.value,)


def describe(condition: Condition) -> str:
    """The condition in plain English, which :func:`tastemaker.retrieval.filters.where_parser.parse_where` reads back.

    >>> year = Constraint(field="year", op=Op.BETWEEN, value=(1990, 1999))
    >>> describe(year)
    'year between 1990 and 1999'
    >>> describe(Constraint(field="genres", op=Op.IS_NOT, value="Horror"))
    'genres not Horror'
    >>> comic = Constraint(field="genres", op=Op.ANY_OF, value=("Comedy", "Drama"))
    >>> describe(all_of([year, any_of([comic, Not(none_of=year)])]))
    'year between 1990 and 1999 and (genres any of Comedy, Drama or not year between 1990 and 1999)'
    """
    if isinstance(condition, Constraint):
        return _constraint_in_words(condition)
    parts = [
        describe(part) if isinstance(part, Constraint | Not) else f"({describe(part)})"
        for part in parts_of(condition)
    ]
    if isinstance(condition, Not):
        return f"not {parts[0]}"
    return (" and " if isinstance(condition, AllOf) else " or ").join(parts)


JOINTS = frozenset({"and", "or"})
OPENERS = frozenset(word for op in Op for word in op.split("_")[:1]) | {"not", "in"}
"""Words that open an operator; a bare value must not begin with one."""
SPECIAL = frozenset('()<>=,"')


def _constraint_in_words(constraint: Constraint) -> str:
    words = "not" if constraint.op is Op.IS_NOT else constraint.op.replace("_", " ")
    joint = " and " if constraint.op is Op.BETWEEN else ", "
    values = joint.join(_quote(str(value), OPENERS) for value in values_of(constraint))
    return f"{_quote(constraint.field, frozenset({'not'}))} {words} {values}"


def _quote(text: str, openers: frozenset[str]) -> str:
    """The text as it stands, or in quotes where it would be read as something else."""
    words = text.casefold().replace("_", " ").split(" ")
    plain = text.isprintable() and text == " ".join(text.split()) and not SPECIAL & set(text)
    if plain and text and " '" not in f" {text}" and not JOINTS & set(words) and words[0] not in openers:
        return text
    return json.dumps(text, ensure_ascii=False)
