"""What a message asks of facets, as hard conditions, preferences and unknown properties.

Said outright and exact by nature (a running time, a language, an age) is a hard condition; all else
that the words of a message mean is a preference, which ranks and never hides.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tastemaker.agent.memory.request import Preference
from tastemaker.agent.nlu.understanding import Understanding
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Provenance
from tastemaker.retrieval.facets.definition import Grammar
from tastemaker.retrieval.facets.matching import FacetMatch, FacetMatcher
from tastemaker.retrieval.filters.conditions import Constraint, describe
from tastemaker.retrieval.filters.constraints import mask

EXACT = (Grammar.DURATION, Grammar.LANGUAGE, Grammar.AGE)
"""Facets with a right and a wrong, where a person who says it outright means it."""
MIN_LEFT = 8
"""A hard condition on something inferred must leave so many items, or it is a preference."""
IMPLIED = 0.6
"""Weight of what is not said outright."""


class FacetReader:
    """Reads one catalogue's facets out of messages."""

    def __init__(self, matcher: FacetMatcher, catalog: Catalog) -> None:
        self._matcher = matcher
        self._catalog = catalog
        exact = {facet.name for sort in EXACT if (facet := matcher.facets.with_grammar(sort))}
        self._exact = frozenset(name for name in (*exact, "colour") if name in catalog.schema)

    def read(self, message: str, skip: Sequence[tuple[int, int]], reading: Understanding) -> Understanding:
        """The understanding with what the message asks of facets.

        Args:
            message: as written.
            skip: where titles and names stand, which ask for nothing by themselves.
            reading: what other rules made of the message.
        """
        found = self._matcher.read(message, skip)
        stated = {constraint.field for constraint in reading.constraints}
        hard = [match for match in found.matches if self._is_hard(match, stated)]
        conditions = [match.condition for match in hard if isinstance(match.condition, Constraint)]
        return reading.model_copy(
            update={
                "constraints": (*reading.constraints, *dict.fromkeys(conditions)),
                "prefer": _preferences(found.matches),
                "unknown": tuple(dict.fromkeys(unknown.what for unknown in found.unknown)),
            }
        )

    def _is_hard(self, match: FacetMatch, stated: Collection[str]) -> bool:
        if not (match.explicit and match.field in self._exact and match.field not in stated):
            return False
        if self._catalog.schema[match.field].provenance is Provenance.COMPUTED:
            return False
        return int(mask(self._catalog, [match.condition]).sum()) >= MIN_LEFT


def _preferences(matches: Sequence[FacetMatch]) -> tuple[Preference, ...]:
    """One preference a condition, the strongest where several words ask for it."""
    strongest: dict[str, Preference] = {}
    for match in matches:
        weight = min(1.0, match.score) * (1.0 if match.explicit else IMPLIED)
        key = describe(match.condition)
        if key not in strongest or strongest[key].weight < weight:
            strongest[key] = Preference(condition=match.condition, weight=weight, words=match.words)
    return tuple(strongest.values())
