"""From what a request means, in plain words, to what the catalogue is ranked by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.understanding import Understanding
from tastemaker.evals.requests.case import IdealForm
from tastemaker.retrieval.filters.conditions import Condition, Constraint, Not, describe
from tastemaker.tools.suit import Wanted
from tastemaker.tools.tool_context import ToolContext

HARD, SOFT = 1.0, 0.6
"""Weights of preferences that stand for something required, and for something wanted besides."""
_RANGE = re.compile(r"\b(\d{4})\s?[-–]\s?(\d{4})\b")


@dataclass(frozen=True)
class IdealReading:
    """A form in the catalogue's terms.

    Attributes:
        constraints: hard conditions.
        wanted: what bends the ranking.
        unknown: what is asked for and no attribute holds.
    """

    constraints: tuple[Condition, ...]
    wanted: Wanted
    unknown: tuple[str, ...]


class IdealReader:
    """Reads forms about one catalogue: each phrase by the rules and the facet matcher, as if it were a message."""

    def __init__(self, tool_context: ToolContext) -> None:
        self._rules = RulesReader(tool_context.catalog, tool_context.resolver, tool_context.facet_matcher)

    def read(self, form: IdealForm) -> IdealReading:
        """The form with its phrases read.

        What is said outright is a hard condition, as it is in a message; of what is to be avoided its
        opposite. All else is a preference, and what no attribute holds is searched for, or shunned, as text.
        """
        hard, soft, avoid = (
            [(phrase, self._rules.read(_spell_out(phrase))) for phrase in phrases]
            for phrases in (form.hard, form.soft, form.avoid)
        )
        constraints: list[Condition] = [condition for _, read in hard for condition in read.constraints]
        constraints += [Not(none_of=condition) for _, read in avoid for condition in _values(read)]
        prefer = [
            *(pair for _, read in hard for pair in _preferences(read, HARD)),
            *((condition, SOFT) for _, read in soft for condition in read.constraints),
            *(pair for _, read in soft for pair in _preferences(read, SOFT)),
            *(pair for _, read in avoid for pair in _preferences(read, -HARD)),
        ]
        wanted = Wanted(
            texts=((form.query, 1.0),) if form.query else (),
            prefer=tuple(prefer),
            like=form.like,
            avoid=tuple(phrase for phrase, read in avoid if not (read.prefer or read.constraints)),
        )
        unknown = (what for _, read in (*hard, *soft, *avoid) for what in read.unknown)
        return IdealReading(_distinct(constraints), wanted, tuple(dict.fromkeys(unknown)))


def _spell_out(phrase: str) -> str:
    """A range of years in words.

    >>> _spell_out("year 1980-1989")
    'year between 1980 and 1989'
    """
    return _RANGE.sub(r"between \1 and \2", phrase)


def _values(read: Understanding) -> Iterator[Constraint]:
    """Hard conditions on values named outright; a facet's, which a preference holds too, stays a preference."""
    held = {describe(preference.condition) for preference in read.prefer}
    return (condition for condition in read.constraints if describe(condition) not in held)


def _preferences(read: Understanding, weight: float) -> Iterator[tuple[Condition, float]]:
    return ((preference.condition, weight * preference.weight) for preference in read.prefer)


def _distinct(conditions: list[Condition]) -> tuple[Condition, ...]:
    return tuple({describe(condition): condition for condition in conditions}.values())
