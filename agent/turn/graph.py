"""One turn as a LangGraph graph: understand, explore, conclude, reply.

Its state is typed and lives as long as the turn; what a session keeps of it is stored by the
session when the turn is over. What all turns share (the opened tools, the model) comes in as
the graph's runtime context.
"""

from __future__ import annotations

from typing import Literal

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from tastemaker.agent.nlu.understanding import Intent
from tastemaker.agent.turn.aggregate import tally
from tastemaker.agent.turn.conclude import conclude
from tastemaker.agent.turn.edited import take_up_edit
from tastemaker.agent.turn.explore import explore
from tastemaker.agent.turn.reply import reply
from tastemaker.agent.turn.state import TurnContext, TurnState
from tastemaker.agent.turn.understand import understand

TurnGraph = CompiledStateGraph[TurnState, TurnContext, TurnState, TurnState]


def turn_graph() -> TurnGraph:
    """The graph of a turn."""
    graph = StateGraph(TurnState, context_schema=TurnContext)
    graph.add_node("understand", understand)
    graph.add_node("take_up_edit", take_up_edit)
    graph.add_node("count_up", tally)
    graph.add_node("explore", explore)
    graph.add_node("conclude", conclude)
    graph.add_node("reply", reply)
    graph.add_conditional_edges(START, _first_step)
    graph.add_edge("take_up_edit", "explore")
    graph.add_conditional_edges("understand", _next_step)
    graph.add_edge("count_up", "reply")
    graph.add_edge("explore", "conclude")
    graph.add_edge("conclude", "reply")
    graph.add_edge("reply", END)
    return graph.compile()


def _first_step(state: TurnState) -> Literal["understand", "take_up_edit"]:
    return "take_up_edit" if state.edited else "understand"


def _next_step(state: TurnState) -> Literal["count_up", "explore", "reply"]:
    if state.asked and not state.asking:
        return "count_up"
    if state.asking and not state.profile.has_evidence():
        return "reply"
    talks = state.act or state.intent in (Intent.QUESTION, Intent.CHAT)
    return "reply" if talks else "explore"
