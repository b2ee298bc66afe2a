"""Answer a question about many items at once: how many, the newest, the average, the most frequent."""

from __future__ import annotations

from tastemaker.retrieval.filters.aggregate_words import in_words
from tastemaker.retrieval.filters.aggregates import Aggregate, Answer, aggregate
from tastemaker.tools.tool_context import ToolContext


def count_up(tool_context: ToolContext, asked: Aggregate) -> tuple[Answer, str]:
    """The exact answer from the catalogue, and the same as one sentence.

    Raises:
        QueryError: the question does not make sense for this catalogue; says what is allowed.
    """
    answer = aggregate(tool_context.catalog, asked)
    return answer, in_words(answer, tool_context.catalog)
