"""A condition loosened by a sensible step: some years, a fifth of an amount, a level."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Attribute, Kind
from tastemaker.retrieval.filters.condition_words import is_a_year
from tastemaker.retrieval.filters.conditions import AllOf, AnyOf, Condition, Constraint, Op, Scalar, values_of
from tastemaker.retrieval.filters.constraints import mask

YEARS, DAYS = 5, 30
SHARE = 0.2
"""Of an amount, or of the range that most items lie in, whichever is less."""
MOST = (10, 90)
"""Percentiles of that range."""
STEPS = (1, 2, 4, 8, 16)
"""How many steps are tried until more items fit; a condition that even the last does not loosen stays."""

LOWER = frozenset({Op.IS, Op.BETWEEN, Op.AT_LEAST, Op.AFTER})
UPPER = frozenset({Op.IS, Op.BETWEEN, Op.AT_MOST, Op.BEFORE})


def widen(condition: Condition, catalog: Catalog) -> Condition | None:
    """The condition with its numbers and dates one step looser, so that more items meet it.

    None where it has none, or where nothing lies beyond them. Conditions are as
    :func:`~tastemaker.retrieval.filters.constraints.check` gives them.
    """
    fitting = int(mask(catalog, [condition]).sum())
    for steps in STEPS:
        wider = _wider(condition, catalog, steps)
        if wider is None:
            return None
        if int(mask(catalog, [wider]).sum()) > fitting:
            return wider
    return None


def _wider(condition: Condition, catalog: Catalog, steps: int) -> Condition | None:
    if isinstance(condition, AllOf | AnyOf):
        parts = condition.all_of if isinstance(condition, AllOf) else condition.any_of
        loose = [_wider(part, catalog, steps) for part in parts]
        if not any(loose):
            return None
        now = tuple(new or old for new, old in zip(loose, parts, strict=True))
        return AllOf(all_of=now) if isinstance(condition, AllOf) else AnyOf(any_of=now)
    if not isinstance(condition, Constraint) or condition.field not in catalog.schema:
        return None
    attribute = catalog.schema[condition.field]
    if attribute.kind not in (Kind.NUMBER, Kind.DATE) or condition.op not in LOWER | UPPER:
        return None
    return _stretch(condition, attribute, catalog, steps)


def _stretch(constraint: Constraint, attribute: Attribute, catalog: Catalog, steps: int) -> Constraint | None:
    values = values_of(constraint)
    low, high = values[0], values[-1]
    if constraint.op in LOWER:
        low = _moved(low, attribute, catalog, -steps)
    if constraint.op in UPPER:
        high = _moved(high, attribute, catalog, steps)
    if constraint.op in LOWER & UPPER:
        return constraint.model_copy(update={"op": Op.BETWEEN, "value": (low, high)})
    return constraint.model_copy(update={"value": low if constraint.op in LOWER else high})


def _moved(value: Scalar, attribute: Attribute, catalog: Catalog, steps: int) -> Scalar:
    """A bound moved by some steps, down where they are negative; in the form that it has."""
    if isinstance(value, date):
        return value + timedelta(days=DAYS * steps)
    number = float(value)
    if attribute.levels:
        return int(min(max(0, number + steps), len(attribute.levels) - 1))
    if attribute.kind is Kind.DATE or is_a_year(attribute):
        return int(number) + YEARS * steps
    column = catalog.numbers(attribute.name)
    known = column[~np.isnan(column)]
    moved = number + steps * step_of(number, known.tolist())
    if steps < 0 <= number:  # no price is below nothing
        moved = max(0.0, moved)
    moved = round(moved, 6)
    return int(moved) if moved.is_integer() else moved


def step_of(number: float, known: Sequence[float]) -> float:
    """A round step for an amount, small beside it and beside what there is.

    >>> step_of(40, [5, 20, 60, 300]), step_of(8, [6.0, 7.0, 8.0, 9.0]), step_of(90, [80, 95, 110, 130])
    (10.0, 0.5, 10.0)
    """
    spread = float(np.subtract(*np.percentile(known, MOST[::-1]))) if len(known) else 0.0
    sizes = [SHARE * size for size in (abs(number), spread) if size > 0]
    if not sizes:
        return 1.0
    power = 10.0 ** math.floor(math.log10(min(sizes)))
    return min((power, 2 * power, 5 * power, 10 * power), key=lambda one: abs(math.log(one / min(sizes))))
