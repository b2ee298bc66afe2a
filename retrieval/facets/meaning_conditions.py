"""What a phrase of a facet means, as a condition on its attribute."""

from __future__ import annotations

from functools import lru_cache

from tastemaker.retrieval.facets.definition import Bound, Meaning
from tastemaker.retrieval.filters.conditions import Constraint, Op

OPS = {
    Bound.AT_LEAST: Op.AT_LEAST,
    Bound.AT_MOST: Op.AT_MOST,
    Bound.BETWEEN: Op.BETWEEN,
    Bound.ANY_OF: Op.ANY_OF,
    Bound.NONE_OF: Op.NONE_OF,
}


@lru_cache(1024)
def condition_of(name: str, meaning: Meaning) -> Constraint:
    """A meaning as a condition on an attribute; whole numbers are integers.

    Raises:
        KeyError: the meaning is a share of a catalogue, which only the catalogue turns into a number.
    """
    op = OPS[meaning.bound]
    if op in (Op.ANY_OF, Op.NONE_OF):
        return Constraint(field=name, op=op, value=tuple(map(str, meaning.values)))
    numbers = tuple(int(value) if float(value).is_integer() else float(value) for value in meaning.values)
    return Constraint(field=name, op=op, value=numbers if op is Op.BETWEEN else numbers[0])
