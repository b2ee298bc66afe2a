"""Attributes as Chroma metadata, and conditions as Chroma's ``where``.

What Chroma cannot say exactly is left out of the ``where``: it may let too many items
through, never too few, and the caller checks the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from tastemaker.retrieval.catalog.catalog import Item
from tastemaker.retrieval.catalog.schema import SHOWN_ONLY, Attribute, Kind, Provenance, Schema
from tastemaker.retrieval.filters.conditions import AnyOf, Condition, Constraint, Not, Op, parts_of, values_of
from tastemaker.retrieval.filters.constraints import NEGATIVE, check, span

Where = dict[str, object]
Metadata = dict[str, str | float | list[str]]


def to_metadata(item: Item, schema: Schema) -> Metadata:
    """The attributes that can be filtered on: strings casefolded, dates as ordinals.

    Texts are left out, and what is inferred or computed: it changes without the catalogue, and items are not
    stored anew for that.
    """
    metadata: Metadata = {}
    for attribute in schema.attributes:
        if attribute.provenance is not Provenance.CATALOGUE or attribute.kind in SHOWN_ONLY:
            continue
        value = item.attributes.get(attribute.name)
        key = _key(attribute.name)
        if isinstance(value, tuple):
            metadata |= {key: [tag.casefold() for tag in value]} if value else {}
        elif isinstance(value, date):
            metadata[key] = float(value.toordinal())
        elif isinstance(value, int | float):
            metadata |= {key: float(value)} if math.isfinite(value) else {}
        elif value is not None and attribute.kind is not Kind.TEXT:
            metadata[key] = value.casefold()
    return metadata


def to_chroma_where(conditions: Sequence[Condition], schema: Schema) -> Where | None:
    """A ``where`` that every item meeting the conditions passes; None where nothing can be said.

    Raises:
        QueryError: as :func:`tastemaker.retrieval.filters.constraints.check`.

    >>> from tastemaker.retrieval.catalog.schema import Attribute
    >>> schema = Schema(attributes=(Attribute(name="year", kind=Kind.NUMBER),))
    >>> to_chroma_where([Constraint(field="year", op=Op.AT_LEAST, value=1990)], schema)
    {'a.year': {'$gte': 1990.0}}
    """
    return _every([_where(check(condition, schema), schema) for condition in conditions])


def _key(name: str) -> str:
    return f"a.{name}"  # Chroma keeps some names to itself


def _join(how: str, parts: list[Where]) -> Where:
    return parts[0] if len(parts) == 1 else {how: parts}


def _every(parts: Iterable[Where | None]) -> Where | None:
    """What can be said of "all of these": a part that cannot be said may be left out."""
    said = [part for part in parts if part is not None]
    return _join("$and", said) if said else None


def _either(parts: Iterable[Where | None]) -> Where | None:
    """What can be said of "any of these": nothing, where one part cannot be said."""
    said = list(parts)
    return None if None in said else _join("$or", [part for part in said if part is not None])


def _where(condition: Condition, schema: Schema, denied: bool = False) -> Where | None:
    """The ``where`` of a checked condition or, ``denied``, of its opposite (pushed to the leaves)."""
    if isinstance(condition, Constraint):
        said = _opposite(condition) if denied else condition
        return None if said is None else _leaf_where(said, schema[said.field])
    if isinstance(condition, Not):
        return _where(condition.none_of, schema, not denied)
    join = _either if isinstance(condition, AnyOf) != denied else _every
    return join(_where(part, schema, denied) for part in parts_of(condition))


_OPPOSITES = {Op.IS: Op.IS_NOT, Op.IS_NOT: Op.IS, Op.ANY_OF: Op.NONE_OF, Op.NONE_OF: Op.ANY_OF}


def _opposite(constraint: Constraint) -> Constraint | None:
    """The constraint met by exactly the other items; ranges have none, for a missing value is in no range."""
    op = _OPPOSITES.get(constraint.op)
    return None if op is None else constraint.model_copy(update={"op": op})


def _leaf_where(constraint: Constraint, attribute: Attribute) -> Where | None:
    kind = attribute.kind
    if constraint.op is Op.CONTAINS or attribute.provenance is not Provenance.CATALOGUE:
        return None
    if kind in (Kind.NUMBER, Kind.DATE):
        return _number_where(constraint, kind)
    key, wanted = _key(constraint.field), [str(value).casefold() for value in values_of(constraint)]
    if kind in (Kind.CATEGORY, Kind.BOOLEAN):
        return {key: {"$nin" if constraint.op in NEGATIVE else "$in": wanted}}
    has, joint = _TAG_FORMS[constraint.op]
    return _join(joint, [{key: {has: value}} for value in wanted])


_TAG_FORMS = {
    Op.IS: ("$contains", "$and"),
    Op.ALL_OF: ("$contains", "$and"),
    Op.ANY_OF: ("$contains", "$or"),
    Op.IS_NOT: ("$not_contains", "$and"),
    Op.NONE_OF: ("$not_contains", "$and"),
}


def _number_where(constraint: Constraint, kind: Kind) -> Where | None:
    key = _key(constraint.field)
    spans = [span(value, kind) for value in values_of(constraint)]
    (low, _), (_, high) = spans[0], spans[-1]
    one_sided: dict[Op, Callable[[], Where]] = {
        Op.AT_LEAST: lambda: {key: {"$gte": low}},
        Op.AT_MOST: lambda: {key: {"$lte": high}},
        Op.BEFORE: lambda: {key: {"$lt": low}},
        Op.AFTER: lambda: {key: {"$gt": high}},
        Op.BETWEEN: lambda: {"$and": [{key: {"$gte": low}}, {key: {"$lte": high}}]},
    }
    if constraint.op in one_sided:
        return one_sided[constraint.op]()
    if constraint.op in (Op.IS, Op.ANY_OF):
        ranges: list[Where] = [{"$and": [{key: {"$gte": a}}, {key: {"$lte": b}}]} for a, b in spans]
        return _join("$or", ranges)
    single_points = all(first == last for first, last in spans)
    return {key: {"$nin": [first for first, _ in spans]}} if single_points else None
