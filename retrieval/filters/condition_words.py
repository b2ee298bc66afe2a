"""Conditions as people should read them: one on an inferred attribute says that it is.

:func:`tastemaker.retrieval.filters.conditions.describe` gives the form that is parsed again; a condition on
what the catalogue states reads the same in both.
"""

from __future__ import annotations

from datetime import date

from tastemaker.retrieval.catalog.schema import NO, YES, Attribute, Kind, Schema
from tastemaker.retrieval.catalog.value_words import (
    HEDGES,
    answer_in_words,
    attribute_in_words,
    date_in_words,
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
    if isinstance(condition, Constraint):
        known = condition.field in schema
        return _leaf_in_words(condition, schema[condition.field]) if known else describe(condition)
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
    """The condition in quotation marks, as people say it, and in brackets what the catalogue does not state."""
    if schema is None:
        return f"“{describe(condition)}”"
    mark = provenance_of(condition, schema)
    return f"“{describe(condition) if mark else condition_in_words(condition, schema)}”" + (
        f" ({mark})" if mark else ""
    )


def is_a_year(attribute: Attribute) -> bool:
    """Whether the numbers of an attribute are years, by its name."""
    return "year" in attribute.name.casefold() and "experience" not in attribute.name.casefold()


def _amount(attribute: Attribute, value: object) -> str:
    if isinstance(value, date):
        return date_in_words(value)
    if attribute.kind is Kind.DATE or is_a_year(attribute):
        return plain_number(value)
    return number_with_unit(attribute, value)


def _leaf_in_words(constraint: Constraint, attribute: Attribute) -> str:
    values = values_of(constraint)
    if attribute.phrase and constraint.op in (Op.AT_MOST, Op.IS):
        return f"{HEDGES.get(attribute.provenance, '')}{attribute.phrase.format(plain_number(values[0]))}"
    mark = f" ({provenance_mark(attribute)})" if provenance_mark(attribute) else ""
    if attribute.kind is Kind.BOOLEAN:
        return (
            answer_in_words(attribute, YES if (values[0] == YES) == (constraint.op is Op.IS) else NO) + mark
        )
    if attribute.kind not in (Kind.NUMBER, Kind.DATE):
        return describe(constraint).replace(attribute.name, attribute_in_words(attribute.name), 1) + mark
    words = "not" if constraint.op is Op.IS_NOT else constraint.op.replace("_", " ")
    if attribute.kind is Kind.NUMBER and not is_a_year(attribute):
        words = {Op.BEFORE: "under", Op.AFTER: "over"}.get(constraint.op, words)
    if attribute.kind is Kind.DATE:
        words = {Op.AT_LEAST: "since", Op.AT_MOST: "until"}.get(constraint.op, words)
    if constraint.op is Op.BETWEEN and values[0] == values[1]:
        words, values = "is", values[:1]
    said = [level_in_words(attribute, value) or _amount(attribute, value) for value in values]
    if attribute.unit not in ("", "ms") and not attribute.currency:  # said once, behind the last
        said[:-1] = [level_in_words(attribute, value) or plain_number(value) for value in values[:-1]]
    joint = " and " if constraint.op is Op.BETWEEN else ", "
    return f"{attribute_in_words(attribute.name)} {words} {joint.join(said)}{mark}"
