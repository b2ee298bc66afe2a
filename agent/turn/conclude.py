"""The step that chooses: one list out of all, the promises kept, the best of it as cards."""

from __future__ import annotations

import random
from collections.abc import Sequence

from langgraph.runtime import Runtime

from tastemaker.agent.events import Card, Emit, Fallback, ItemShown
from tastemaker.agent.llm.model import FormAnswer
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.agent.nlu.understanding import Intent
from tastemaker.agent.reply.clarifying_question import question_worth_asking
from tastemaker.agent.shortlist.constraint_check import filter_by_constraints
from tastemaker.agent.shortlist.exploration_slots import Draw
from tastemaker.agent.shortlist.fusion import Fused, fuse
from tastemaker.agent.shortlist.llm_rerank import Shown, choice_weight, preferences, reorder
from tastemaker.agent.shortlist.tool_loop import taste_in_words
from tastemaker.agent.turn.call_events import emit_call
from tastemaker.agent.turn.state import Effort, Shortlist, TurnContext, TurnResources, TurnState
from tastemaker.retrieval.catalog.catalog import plain
from tastemaker.retrieval.errors import ModelError

DICE = random.SystemRandom()
"""Decides which turns explore: nobody can foresee it, and no seed of anything else is touched."""


def conclude(state: TurnState, runtime: Runtime[TurnContext]) -> Shortlist:
    """Fuse the lists, keep the promises, let the model choose where that helps, take the best."""
    context, emit = runtime.context, runtime.stream_writer
    tool_context = context.resources.tool_context
    ranked, used = _choose(
        filter_by_constraints(fuse(state.lists), state.profile, tool_context), state, context, emit
    )
    drawn = Draw.by(context.policy, [one.id for one in ranked], context.k, DICE)
    cards = _cards([ranked[place] for place in drawn.places], state, context.resources)
    for card in cards:
        emit(ItemShown(card=card))
    asking = _question(ranked, state, context)
    return Shortlist(
        shortlist=tuple(cards),
        drawn=drawn,
        clarified=(*state.clarified, asking.field) if asking else state.clarified,
        asking=asking or state.asking,
        questions=state.questions_with(asking),
        usage=state.usage + used,
    )


def _cards(chosen: Sequence[Fused], state: TurnState, resources: TurnResources) -> list[Card]:
    """The cards of a list, each with its reason; no reason repeats the others."""
    items = [resources.tool_context.catalog[one.id] for one in chosen]
    return [
        Card(
            id=item.id,
            title=item.title,
            attributes={name: plain(value) for name, value in item.attributes.items()},
            reason=reason,
            score=round(one.score, 6),
            sources=one.sources,
            cites=cites,
        )
        for one, item, (reason, cites) in zip(
            chosen, items, resources.reasons.for_list(items, state.profile), strict=True
        )
    ]


def _question(ranked: list[Fused], state: TurnState, context: TurnContext) -> PendingQuestion | None:
    """A question that would change the list, where nothing else is asked."""
    if state.asking or state.intent is not Intent.RECOMMEND:
        return None
    catalog = context.resources.tool_context.catalog
    ask = question_worth_asking(ranked, state.profile, catalog, state.clarified, context.k)
    if ask is None:
        return None
    return PendingQuestion(kind="taste", text=ask.text, field=ask.field, choices=ask.choices)


def _choose(
    ranked: list[Fused], state: TurnState, context: TurnContext, emit: Emit
) -> tuple[list[Fused], Usage]:
    """The list in the order that the model's choice gives it, at full effort, and what that cost."""
    weight = choice_weight(context.model) if context.model and context.effort is Effort.THOROUGH else 0.0
    if not (context.model and weight and len(ranked) > 1):
        return ranked, Usage()
    tool_context, calls = context.resources.tool_context, list[FormAnswer]()

    def on_call(sha: str, filled: FormAnswer) -> None:
        calls.append(filled)
        emit_call(emit, "choose", sha, filled)

    taste = taste_in_words(tool_context, state.profile)
    shown = Shown.of(tool_context.catalog, [one.id for one in ranked], state.recent_texts, taste)
    try:
        liked = preferences(context.model, shown, on_call)
    except ModelError as error:
        emit(Fallback(step="choose", reason=str(error), error=type(error).__name__))
    else:
        if not any(filled.failed for filled in calls):  # the weight was measured for the model asked first
            ranked = reorder(ranked, liked, weight)
    return ranked, sum((filled.usage for filled in calls), Usage())
