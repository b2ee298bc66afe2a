"""The step that looks for candidates: the opening calls, then, at full effort, the surrogate-user loop."""

from __future__ import annotations

from tastemaker.agent.events import Explored, Fallback
from tastemaker.agent.llm.model import FormAnswer
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.shortlist import tool_loop
from tastemaker.agent.shortlist.model_ranking import Ranking
from tastemaker.agent.shortlist.opening_calls import opening_calls, time_call
from tastemaker.agent.shortlist.surrogate_user import Surroundings, look_around
from tastemaker.agent.turn.call_events import emit_call, tool_event
from tastemaker.agent.turn.runtime import Runtime
from tastemaker.agent.turn.state import Effort, Exploration, TurnContext, TurnState, kinds_of
from tastemaker.retrieval.errors import ModelError
from tastemaker.tools.candidates import Candidates

NO_GAIN = "this model's steps were not found to help"


def explore(state: TurnState, runtime: Runtime[TurnContext]) -> Exploration:
    """Ask the tools for candidates, each list an event as it comes."""
    context, emit = runtime.context, runtime.stream_writer
    tool_context, said = context.resources.tool_context, state.recent_texts
    usage, lists = [state.usage], list[Candidates]()

    def on_tool(found: Candidates) -> None:
        lists.append(found)
        emit(tool_event(found, tool_context))

    def on_model(sha: str, filled: FormAnswer) -> None:
        usage.append(filled.usage)
        emit_call(emit, "explore", sha, filled)

    for call in opening_calls(tool_context, state.profile, state.named, said):
        on_tool(time_call(call, 0))
    ranking = Ranking()
    if context.model and context.effort is Effort.THOROUGH:
        try:
            if context.model_profile.chooses:
                around = Surroundings(
                    tool_context,
                    context.resources.rows,
                    kinds_of(tool_context),
                    state.talk,
                    state.message,
                    context.k,
                )
                explored, ranking = look_around(
                    around, lists, context.model, on_model, on_tool, context.max_rounds
                )
            elif not context.model_profile.reads:
                explored = Explored(stopped="finished", rounds=0, why=NO_GAIN)
            else:
                explored = tool_loop.explore(
                    tool_context,
                    state.profile,
                    lists,
                    context.model,
                    on_model,
                    on_tool,
                    context.max_rounds,
                    said,
                )
            emit(explored)
        except ModelError as error:
            emit(Fallback(step="explore", reason=str(error), error=type(error).__name__))
            emit(Explored(stopped="failed", rounds=len(usage) - 1, why=str(error)))
    return Exploration(lists=tuple(lists), ranking=ranking, usage=sum(usage, Usage()))
