"""From what a request means, in plain words, to what the catalogue is ranked by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tastemaker.agent.nlu.rules.facet_preferences import EXACT
from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.agent.nlu.understanding import Understanding
from tastemaker.evals.requests.case import IdealForm
from tastemaker.retrieval.filters.conditions import Condition, Constraint, Not, any_of, describe
from tastemaker.tools.suit import Wanted
from tastemaker.tools.tool_context import ToolContext

HARD, SOFT = 1.0, 0.6
"""Weights of preferences that stand for something required, and for something wanted besides."""
NAMING = frozenset({"genre", "film", "films"})
"""Words beside a value that add nothing to it."""
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
        facets = tool_context.facets
        exact = [facets.with_grammar(sort) for sort in EXACT] if facets else []
        self._exact = {facet.name for facet in exact if facet}

    def read(self, form: IdealForm) -> IdealReading:
        """The form with its phrases read.

        Required values and exact facets are hard conditions, even where nothing meets them; so is the
        opposite of a value to be avoided. All else is a preference, and what no attribute holds of
        what is to be avoided is shunned as text.
        """
        hard, soft, avoid = (
            [(phrase, self._rules.read(_spell_out(phrase))) for phrase in phrases]
            for phrases in (form.hard, form.soft, form.avoid)
        )
        constraints: list[Condition] = []
        prefer: list[tuple[Condition, float]] = []
        for _, read in hard:
            constraints += [*read.constraints, *self._exact_conditions(read)]
            prefer += _preferences(read, HARD)
        for _, read in soft:
            prefer += [(condition, SOFT) for condition in read.constraints]
            prefer += _preferences(read, SOFT)
        for phrase, read in avoid:
            if self._is_value(phrase):
                constraints += [Not(none_of=condition) for condition in _values(read)]
            else:
                prefer += [(condition, -SOFT) for condition in _values(read)]
            prefer += _preferences(read, -HARD)
        wanted = Wanted(
            texts=((form.query, 1.0),) if form.query else (),
            prefer=tuple(prefer),
            like=form.like,
            avoid=tuple(phrase for phrase, read in avoid if not (read.prefer or read.constraints)),
        )
        unknown = (what for _, read in (*hard, *soft, *avoid) for what in read.unknown)
        return IdealReading(_distinct(constraints), wanted, tuple(dict.fromkeys(unknown)))

    def _exact_conditions(self, read: Understanding) -> Iterator[Condition]:
        """One at most: languages and countries of one phrase are alternatives."""
        found = [one.condition for one in read.prefer if one.fields <= self._exact]
        if found:
            yield any_of(found)

    def _is_value(self, phrase: str) -> bool:
        """Whether a phrase is a value of the catalogue and nothing else: "thriller", and not "slow drama"."""
        said = {word.norm for word in words(phrase) if word.norm not in STOPWORDS}
        return said - NAMING <= self._rules.value_words(phrase)


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
