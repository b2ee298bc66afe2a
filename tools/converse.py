"""Rank for a conversation: what people who recommend named after conversations like it."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.dialogue_context import DialogueContext
from tastemaker.tools.tool_context import DEFAULT_K, ToolContext

NAME = "conversation"


def converse(
    tool_context: ToolContext,
    dialogue: DialogueContext,
    constraints: Sequence[Condition] = (),
    exclude: Sequence[str] = (),
    k: int = DEFAULT_K,
) -> Candidates:
    """What people who recommend would name next in this conversation; nothing without a learned ranker."""
    ranker = tool_context.conversation
    if ranker is None:
        return Candidates(NAME, note="no conversations were learned from; see `tastemaker learn`")
    keep = tool_context.allowed_rows(constraints, exclude)
    arguments = {"mentioned": len(dialogue.mentioned), "said": len(dialogue.said)}
    return Candidates(NAME, arguments, tool_context.best(ranker.scores(dialogue), keep, k))
