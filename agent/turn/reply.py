"""The words of a reply: by template for every kind of turn, then reworded by the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tastemaker.agent.events import Card, Fallback
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.summary import earlier_lists
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.agent.nlu.understanding import Act, Intent
from tastemaker.agent.reply import no_results as abstain
from tastemaker.agent.reply.explanations import explain
from tastemaker.agent.reply.llm_wording import MAX_WORDED, Worded, reword
from tastemaker.agent.turn import item_answers as answer
from tastemaker.agent.turn.call_events import emit_call
from tastemaker.agent.turn.state import TurnContext, TurnResources, TurnState, last_cards
from tastemaker.retrieval.errors import ModelError

TO_GET_IT_RIGHT = "I want to get this right."


def plain_words(
    state: TurnState, intent: Intent, profile: TasteProfile, cards: Sequence[Card], resources: TurnResources
) -> tuple[Worded, PendingQuestion | None, tuple[str, ...]]:
    """The reply by template; where nothing fits, the offer in it, and conditions it speaks of that nobody stated."""
    if (
        cards
        or state["answer"]
        or state["act"]
        or state["question"]
        or intent in (Intent.QUESTION, Intent.CHAT)
    ):
        return _plain(state, intent, profile, cards, resources), None, ()
    message, offer, evidence = abstain.nothing_fits(
        resources.tool_context.catalog, profile, state.get("questions", [])
    )
    return Worded(message, (), offer.text if offer else ""), offer, evidence


def _plain(
    state: TurnState, intent: Intent, profile: TasteProfile, cards: Sequence[Card], resources: TurnResources
) -> Worded:
    message = state.get("about") or state["message"]
    if state["answer"]:
        return Worded(state["answer"], tuple(cards))
    if state["act"] and intent is Intent.QUESTION and not (state["question"] and not state["named"]):
        earlier = earlier_lists(state)
        told = explain(
            Act(state["act"]),
            message,
            state["named"],
            last_cards(state),
            earlier,
            profile,
            resources.tool_context,
        )
        return Worded(told, (), state["question"])
    if state["question"] and not cards and state["act"]:
        return Worded(TO_GET_IT_RIGHT, (), state["question"])
    if state["act"]:
        return Worded(answer.small_talk(profile), ())
    if intent is Intent.QUESTION:
        return Worded(
            answer.about(message, state["named"], last_cards(state), resources), (), state["question"]
        )
    if state["question"] and not cards:
        return Worded(TO_GET_IT_RIGHT, (), state["question"])
    if intent is Intent.CHAT:
        return Worded(answer.small_talk(profile), ())
    return Worded(answer.lead_in(profile, resources.tool_context.catalog), tuple(cards), state["question"])


def model_words(message: str, words: Worded, context: TurnContext, emit: Any) -> tuple[Worded, Usage]:
    """The reply in the model's words where they are borne out, and what they cost."""
    tool_context, model = context.resources.tool_context, context.model
    if model is None:
        return words, Usage()
    facts = [
        context.resources.reasons.brief(tool_context.catalog[card.id]) for card in words.cards[:MAX_WORDED]
    ]
    try:
        worded, filled, sha = reword(
            model, message, context.resources.rules.without_titles(message), words, facts
        )
    except ModelError as error:
        emit(Fallback(step="reply", reason=str(error), error=type(error).__name__))
        return words, Usage()
    emit_call(emit, "reply", sha, filled)
    for refused in worded.refused:
        emit(Fallback(step="reply", reason=f"not borne out by the facts: {refused}", model_failed=False))
    return worded, filled.usage
