"""What must not be claimed of an item although its values say so: other facts of it speak against it.

Values are judgements, and lists of what is in something are never complete: a film of which no swearing is noted may
swear all the same where it is for ages 16 and up. ``doubts`` of a facet say with which other values one of its
conditions is doubtful, ``proofs`` with which what is not listed is certainly absent, and ``[labels]`` the same of a
catalogue's own labels ("Western" of a film from Japan).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.facets.definition import Bound, FacetSet, Meaning, Support
from tastemaker.retrieval.facets.meaning_conditions import condition_of
from tastemaker.retrieval.filters.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Constraint,
    Op,
    parts_of,
    values_of,
)
from tastemaker.retrieval.filters.constraints import NEGATIVE, mask, satisfies


class Doubts:
    """Tells what is doubtful of items. Safe to share between threads.

    Args:
        facets: with their doubts and proofs; None for a catalogue without, of which nothing is doubtful.
    """

    def __init__(self, facets: FacetSet | None) -> None:
        self._facets = facets.facets if facets else {}
        self._labels = facets.labels if facets else {}
        self._partial = frozenset(name for name, facet in self._facets.items() if facet.partial)
        self._striking = frozenset(
            name for name, facet in self._facets.items() if facet.impression and facet.has_labels
        )

    def can_lack(self, field: str) -> bool:
        """Whether an item that is not labelled with a value of an attribute can be said not to have it.

        Not of what is listed in part, nor of how things strike people.
        """
        return field not in self._partial and field not in self._striking

    def is_listed_in_part(self, field: str) -> bool:
        """Whether an attribute lists some of what is in an item, so that more may be."""
        return field in self._partial

    def is_doubtful(self, item: Item, condition: Condition) -> bool:
        """Whether other values of an item speak against a condition that it meets."""
        if isinstance(condition, Constraint):
            return self._is_leaf_doubtful(item, condition)
        if isinstance(condition, AnyOf):
            met = [part for part in parts_of(condition) if satisfies(item, part)]
            return bool(met) and all(self.is_doubtful(item, part) for part in met)
        return isinstance(condition, AllOf) and any(
            self.is_doubtful(item, part) for part in parts_of(condition)
        )

    def is_proven(self, item: Item, constraint: Constraint) -> bool:
        """Whether other values of an item rule out each of the values that a condition excludes."""
        facet = self._facets.get(constraint.field)
        proofs = facet.proofs if facet else ()
        return all(
            any(_says(meaning, [value], constraint.op) and _holds(item, facts) for meaning, facts in proofs)
            for value in map(str, values_of(constraint))
        )

    def find_doubtful(self, constraint: Constraint, catalog: Catalog) -> npt.NDArray[np.bool_]:
        """The rows of a catalogue whose items a condition that excludes values is doubtful of, bool[n_items]."""
        rows = np.zeros(len(catalog), dtype=np.bool_)
        facet = self._facets.get(constraint.field)
        values = [str(value) for value in values_of(constraint)]
        for meaning, facts in facet.doubts if facet and constraint.op in NEGATIVE else ():
            if _says(meaning, values, constraint.op):
                for support in facts:
                    if all(_can_hold(catalog, name, one) for name, one in support):
                        rows |= mask(catalog, [condition_of(name, one) for name, one in support])
        return rows

    def _is_leaf_doubtful(self, item: Item, leaf: Constraint) -> bool:
        values = [str(value) for value in values_of(leaf)]
        if leaf.op not in NEGATIVE and isinstance(item.attributes.get(leaf.field), str | tuple):
            held = {tag.casefold() for tag in as_tags(item.attributes[leaf.field])}
            values = [value for value in values if value.casefold() in held]
            own = [self._labels.get(value.casefold(), ()) for value in values]
            if values and leaf.field not in self._facets:
                each = [any(_meets_all(item, one) for one in facts) for facts in own]
                return any(each) if leaf.op is Op.ALL_OF else all(each)
        facet = self._facets.get(leaf.field)
        return any(
            _says(meaning, values, leaf.op) and _holds(item, facts)
            for meaning, facts in (facet.doubts if facet else ())
        )


def _can_hold(catalog: Catalog, name: str, meaning: Meaning) -> bool:
    """Whether an attribute of a catalogue is of the kind that a meaning is about."""
    labels = meaning.bound in (Bound.ANY_OF, Bound.NONE_OF)
    return name in catalog.schema and (catalog.schema[name].kind is Kind.NUMBER) != labels


def _holds(item: Item, facts: Sequence[Support]) -> bool:
    return any(_meets_all(item, one) for one in facts)


def _meets_all(item: Item, support: Support) -> bool:
    return all(
        name in item.attributes and satisfies(item, condition_of(name, meaning)) for name, meaning in support
    )


def _says(meaning: Meaning, values: Sequence[str], op: Op) -> bool:
    """Whether a condition says what a meaning does, or more: "at most 0" says "at most 1"."""
    if meaning.bound is Bound.AT_MOST:
        return op in (Op.AT_MOST, Op.BEFORE) and float(values[0]) <= float(meaning.values[0])
    if meaning.bound is Bound.AT_LEAST:
        return op in (Op.AT_LEAST, Op.AFTER) and float(values[0]) >= float(meaning.values[0])
    own = {str(value).casefold() for value in meaning.values}
    same_side = (op in NEGATIVE) == (meaning.bound is Bound.NONE_OF)
    return same_side and any(value.casefold() in own for value in values)
