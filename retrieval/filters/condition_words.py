"""Conditions as people should read them: one on an inferred attribute says that it is.

:func:`tastemaker.retrieval.filters.conditions.describe` gives the form that is parsed again; a condition on
what the catalogue states reads the same in both.
"""

from __future__ import annotations

from tastemaker.retrieval.catalog.schema import Attribute, Schema
from tastemaker.retrieval.catalog.value_words import (
    HEDGES,
    attribute_in_words,
    level_in_words,
    number_with_unit,
    plain_number,
    provenance_mark,
)
from tastemaker.retrieval.filters.conditions import (
    AllOf,
    Condition,
    Constraint,
    Not,
    Op,
    describe,
    leaves,
    parts_of,
    values_of,
)


def condition_in_words(condition: Condition, schema: Schema) -> str:
    """The condition for people, with where each attribute that the catalogue does not state is known from.

    An attribute that the schema does not have is described as :func:`describe` does.

    >>> from tastemaker.retrieval.catalog.schema import Kind, Provenance
    >>> inferred = Provenance.INFERRED
    >>> age = Attribute(name="age_from", kind=Kind.NUMBER, provenance=inferred, phrase="fine from age {}")
    >>> levels = ("none", "a little", "much")
    >>> sex = Attribute(name="sex", kind=Kind.NUMBER, provenance=inferred, levels=levels)
    >>> schema = Schema(attributes=(age, sex, Attribute(name="year", kind=Kind.NUMBER)))
    >>> condition_in_words(Constraint(field="age_from", op=Op.AT_MOST, value=7), schema)
    'probably fine from age 7'
    >>> condition_in_words(Constraint(field="sex", op=Op.AT_MOST, value=1), schema)
    'sex at most a little (inferred)'
    >>> condition_in_words(Constraint(field="year", op=Op.AFTER, value=1990), schema)
    'year after 1990'
    """
    if not provenance_of(condition, schema):
        return describe(condition)
    if isinstance(condition, Constraint):
        return _leaf_in_words(condition, schema[condition.field])
    parts = [
        condition_in_words(part, schema)
        if isinstance(part, Constraint | Not)
        else f"({condition_in_words(part, schema)})"
        for part in parts_of(condition)
    ]
    if isinstance(condition, Not):
        return f"not {parts[0]}"
    return (" and " if isinstance(condition, AllOf) else " or ").join(parts)


def provenance_of(condition: Condition, schema: Schema) -> str:
    """ "inferred", "computed", "inferred, computed", or "" where only stated attributes are asked of."""
    fields = (leaf.field for leaf in leaves(condition))
    marks = (provenance_mark(schema[field]) for field in fields if field in schema)
    return ", ".join(dict.fromkeys(mark for mark in marks if mark))


def quoted_with_mark(condition: Condition, schema: Schema | None) -> str:
    """The parseable form in quotation marks, and after it in brackets what is not stated by the catalogue."""
    mark = provenance_of(condition, schema) if schema else ""
    return f"“{describe(condition)}”" + (f" ({mark})" if mark else "")


def _leaf_in_words(constraint: Constraint, attribute: Attribute) -> str:
    values = values_of(constraint)
    if attribute.phrase and constraint.op in (Op.AT_MOST, Op.IS):
        return f"{HEDGES.get(attribute.provenance, '')}{attribute.phrase.format(plain_number(values[0]))}"
    mark = f" ({provenance_mark(attribute)})"
    if not (attribute.levels or attribute.unit):
        return describe(constraint) + mark
    words = "not" if constraint.op is Op.IS_NOT else constraint.op.replace("_", " ")
    said = [level_in_words(attribute, value) or plain_number(value) for value in values]
    said[-1] = level_in_words(attribute, values[-1]) or number_with_unit(attribute, values[-1])
    joint = " and " if constraint.op is Op.BETWEEN else ", "
    return f"{attribute_in_words(attribute.name)} {words} {joint.join(said)}{mark}"
