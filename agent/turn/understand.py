"""Who reads a message: the model, unless the rules know better, or it fails."""

from __future__ import annotations

from typing import Any

from tastemaker.agent.events import Fallback
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.nlu.understanding import Understanding
from tastemaker.agent.turn.call_events import emit_call
from tastemaker.agent.turn.state import TurnContext
from tastemaker.retrieval.errors import ModelError


def read_message(message: str, context: TurnContext, emit: Any) -> tuple[Understanding, Usage]:
    """What a message says, read by the model, and by the rules where they know better or it fails."""
    resources = context.resources
    plainly = resources.rules.read(message)
    if context.model is None or plainly.asked or plainly.act:
        return plainly, Usage()
    try:
        understanding, filled = resources.reader.read(message, context.model, plainly)
    except ModelError as error:
        emit(Fallback(step="understand", reason=str(error), error=type(error).__name__))
        return plainly, Usage()
    emit_call(emit, "understand", resources.reader.prompt_sha, filled)
    return understanding, filled.usage
