"""The step that chooses: one list out of all, the promises kept, the best of it as cards."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tastemaker.agent.events import Card, Emit, Fallback, ItemShown
from tastemaker.agent.llm.model import FormAnswer
from tastemaker.agent.llm.model_profile import stays_capable
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.agent.nlu.rules.acts.request_scope import asks_for_step
from tastemaker.agent.nlu.rules.half_remembered import asks_which
from tastemaker.agent.nlu.understanding import Intent
from tastemaker.agent.reply.clarifying_question import question_worth_asking
from tastemaker.agent.shortlist.constraint_check import filter_by_constraints
from tastemaker.agent.shortlist.exploration_slots import Draw
from tastemaker.agent.shortlist.fusion import Fused, fuse
from tastemaker.agent.shortlist.llm_rerank import Shown, preferences, reorder
from tastemaker.agent.shortlist.model_ranking import Ranking, apply_ranking, pool_of, rank_candidates
from tastemaker.agent.shortlist.shown_again import SHARE, STEP_SHARE, leave_room_for_new
from tastemaker.agent.shortlist.tool_loop import taste_in_words
from tastemaker.agent.shortlist.variety import vary
from tastemaker.agent.turn.call_events import emit_call
from tastemaker.agent.turn.runtime import Runtime
from tastemaker.agent.turn.state import (
    Effort,
    Shortlist,
    TurnContext,
    TurnResources,
    TurnState,
    kinds_of,
)
from tastemaker.retrieval.catalog.catalog import plain
from tastemaker.retrieval.errors import ModelError

DICE = random.SystemRandom()
"""Decides which turns explore: nobody can foresee it, and no seed of anything else is touched."""

MAX_HEARD = 4
"""Messages of a talk, answers among them, behind which nobody is asked: they have said what they want."""
LISTS_LONG = 40
"""Times the length of a list that are kept to choose from: more than variety, draws and questions look at."""


def conclude(state: TurnState, runtime: Runtime[TurnContext]) -> Shortlist:
    """Fuse the lists, keep the promises, let the model choose where that helps, take the best."""
    context, emit = runtime.context, runtime.stream_writer
    tool_context = context.resources.tool_context
    # A model may bring up what lies far down; nothing else looks further than some lists' lengths.
    wanted = state.profile.request.how_many or context.k
    most = None if context.model else LISTS_LONG * wanted + context.policy.pool
    kept = filter_by_constraints(fuse(state.lists), state.profile, tool_context, most)
    if context.model_profile.chooses:
        ranked, ranking, used = _rank(kept, wanted, state, context, emit)
    else:
        ranking, (ranked, used) = Ranking(), _choose(kept, state, context, emit)
    ranked = vary(ranked, state.manner.diversity, wanted, tool_context)
    share = STEP_SHARE if asks_for_step(state.message) else SHARE
    ranked = leave_room_for_new(ranked, state.profile.shown, wanted, share)
    drawn = Draw.by(context.policy, [one.id for one in ranked], wanted, DICE)
    cards = _cards([ranked[place] for place in drawn.places], state, context.resources)
    for card in cards:
        emit(ItemShown(card=card))
    asking = None if ranking.best else _question(ranked, state, context)  # it has understood
    return Shortlist(
        shortlist=tuple(cards),
        ranking=ranking,
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
    if state.asking or state.intent is not Intent.RECOMMEND or asks_which(state.message):
        return None
    if len(state.messages) > MAX_HEARD:
        return None
    catalog = context.resources.tool_context.catalog
    ask = question_worth_asking(ranked, state.profile, catalog, state.clarified, context.k, state.message)
    if ask is None:
        return None
    return PendingQuestion(kind="taste", text=ask.text, field=ask.field, choices=ask.choices)


def _rank(
    kept: list[Fused], wanted: int, state: TurnState, context: TurnContext, emit: Emit
) -> tuple[list[Fused], Ranking, Usage]:
    """The list in the order that a capable model gives it, what it said of it, and what that cost."""
    weight, calls = context.model_profile.order, list[FormAnswer]()
    if state.ranking.best:  # it looked for itself, and finished with an order
        return apply_ranking(kept, state.ranking, weight), state.ranking, Usage()
    if context.model is None or context.effort is Effort.FAST or not kept:
        return kept, Ranking(), Usage()

    def on_call(sha: str, filled: FormAnswer) -> None:
        calls.append(filled)
        emit_call(emit, "choose", sha, filled)

    tool_context = context.resources.tool_context
    pool = pool_of(kept, [[item_id for item_id, _ in found.ranked] for found in state.lists])
    ranking = Ranking()
    try:
        told = rank_candidates(
            context.model,
            pool,
            state.talk,
            state.message,
            wanted,
            context.resources.rows,
            tool_context.catalog,
            kinds_of(tool_context),
            on_call,
        )
    except ModelError as error:
        emit(Fallback(step="choose", reason=str(error), error=type(error).__name__))
    else:
        if stays_capable(context.model.name, max(len(filled.failed) for filled in calls)):
            ranking = told
    return apply_ranking(kept, ranking, weight), ranking, sum((one.usage for one in calls), Usage())


def _choose(
    ranked: list[Fused], state: TurnState, context: TurnContext, emit: Emit
) -> tuple[list[Fused], Usage]:
    """The list in the order that the model's choice gives it, at full effort, and what that cost."""
    weight = context.model_profile.order if context.effort is Effort.THOROUGH else 0.0
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
