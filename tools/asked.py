"""How near items are to a text by what people would ask for them by, where a catalogue has such phrases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tastemaker.retrieval.text.clauses import clauses
from tastemaker.tools.kept_columns import Column
from tastemaker.tools.search_context import SearchContext
from tastemaker.tools.standardise import standardise

MAX_CLAUSES = 4
"""Clauses of a text that are compared, those with the most telling words."""


def clauses_of(tool_context: SearchContext, texts: Sequence[str]) -> list[str]:
    """The clauses whose vectors :func:`ask_nearness` of some texts will want; none where no asks are known."""
    if tool_context.asks is None:
        return []
    return [
        clause
        for text in texts
        if text not in tool_context.asked
        for clause in _find_telling(tool_context, text)
    ]


def _find_telling(tool_context: SearchContext, text: str) -> list[str]:
    """The clauses of a text that have the most telling words, in order: each costs an embedding, and "at my place"
    says nothing."""
    parts = clauses(text)
    weights = {part: tool_context.asks.weight(part) for part in parts} if tool_context.asks else {}
    best = sorted(weights, key=lambda part: -weights[part])[:MAX_CLAUSES]
    return [part for part in parts if part in best and weights[part] > 0] or parts[:1]


def ask_nearness(tool_context: SearchContext, text: str) -> Column:
    """How near each item's nearest ask is to a text's clauses on average, standardised; kept for texts of late.

    Zeros where no asks are known. A wish of several parts is met by an item that answers each of them.
    """
    return tool_context.asked.of(text, lambda: _nearness(tool_context, text))


def _nearness(tool_context: SearchContext, text: str) -> Column:
    parts = _find_telling(tool_context, text)
    if tool_context.asks is None or not parts:
        return np.zeros(len(tool_context.catalog), dtype=np.float32)
    near = tool_context.asks.nearness(np.stack([tool_context.index.embed(part) for part in parts]))
    return standardise(np.mean([standardise(column) for column in near], axis=0))


def ask_words(tool_context: SearchContext, text: str) -> Column:
    """Which share of a text's telling words each item's asks hold, float32[n_items]; zeros where none are known."""
    if tool_context.asks is None:
        return np.zeros(len(tool_context.catalog), dtype=np.float32)
    return tool_context.asks.word_share(text)
