"""The cards that rules alone would show: there at once, while the model is still to be asked."""

from __future__ import annotations

from dataclasses import replace

from tastemaker.agent.events import Card
from tastemaker.agent.llm.model_profile import NO_MODEL
from tastemaker.agent.shortlist.exploration_slots import BEST_ONLY
from tastemaker.agent.turn.graph import TurnGraph
from tastemaker.agent.turn.state import Effort, TurnContext, TurnState


def first_cards(graph: TurnGraph, turn: TurnState, context: TurnContext) -> tuple[Card, ...]:
    """What a turn would show without its model; nothing of it is kept.

    A turn whose model fails ends with these cards, so what a person sees only changes where a model answered.
    """
    alone = replace(context, model=None, effort=Effort.FAST, policy=BEST_ONLY, model_profile=NO_MODEL)
    reply = graph.invoke(turn, alone).reply
    return reply.items if reply else ()
