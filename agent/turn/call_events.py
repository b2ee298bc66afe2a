"""Calls of tools and of the model, as events for the trace."""

from __future__ import annotations

from tastemaker.agent.events import Emit, ModelCalled, ModelSwitched, ToolCalled
from tastemaker.agent.llm.model import FormAnswer
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.tool_context import ToolContext

BEST_IN_TRACE = 5


def emit_call(emit: Emit, step: str, sha: str, filled: FormAnswer) -> None:
    """Report a call of the model, and who failed before it answered."""
    for failed in filled.failed:
        emit(ModelSwitched(step=step, model=failed.model, error=failed.error, reason=failed.reason))
    emit(ModelCalled(step=step, prompt_sha=sha, answer=filled.value, usage=filled.usage))


def tool_event(candidates: Candidates, tool_context: ToolContext) -> ToolCalled:
    """A call of a tool, with the titles of its best."""
    return ToolCalled(
        tool=candidates.tool,
        arguments=dict(candidates.arguments),
        round=candidates.round,
        found=len(candidates.ranked),
        best=tuple(tool_context.catalog[i].title for i, _ in candidates.ranked[:BEST_IN_TRACE]),
        seconds=candidates.seconds,
        note=candidates.note,
    )
