"""Titles that a model thinks of by itself, as a list of candidates like any tool's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.titles.resolver import TitleResolver
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.tool_context import ToolContext

NAMED = "named"
FIRST, LAST = 4.0, 2.0
"""Scores of the first and the last of them: as far above a typical item as what suits a request best."""


def resolve_candidates(titles: Iterable[str], resolver: TitleResolver) -> tuple[str, ...]:
    """Ids of the titles that the catalogue has; the others vanish.

    A title that could be several items stands for the likeliest.
    """
    found = (resolver.resolve(title) for title in titles)
    ids = (one.matches[0].id for one in found if one.matches and not one.matches[0].flagged_year)
    return tuple(dict.fromkeys(ids))


def named_candidates(
    tool_context: ToolContext,
    ids: Sequence[str],
    constraints: Sequence[Condition] = (),
    exclude: Sequence[str] = (),
) -> Candidates:
    """Those of some items that may be shown, in their order.

    Raises:
        QueryError: a condition makes no sense for the catalogue.
    """
    keep = tool_context.allowed_rows(constraints, exclude)
    may = [i for i in ids if i in tool_context.catalog and keep[tool_context.catalog.rows([i])[0]]]
    step = (FIRST - LAST) / max(len(may) - 1, 1)
    return Candidates(NAMED, {}, tuple((i, FIRST - step * place) for place, i in enumerate(may)))
