"""One turn as a LangGraph graph: understand, explore, conclude, reply.

State is plain JSON, so that the checkpointer stores nothing executable. What cannot be
stored (the opened tools, the model) comes in as the graph's runtime context.
"""

from __future__ import annotations

import random
import time
from dataclasses import replace
from functools import reduce
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from tastemaker.agent.events import Card, Explored, Fallback, ItemShown, Text, Understood
from tastemaker.agent.llm.model import FormAnswer
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.summary import fold_messages
from tastemaker.agent.memory.undo_history import Timeline
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.agent.nlu.rules.dialogue_acts import resolve_relatives
from tastemaker.agent.nlu.understanding import Act, Intent
from tastemaker.agent.reply.clarifying_question import question_worth_asking
from tastemaker.agent.shortlist.candidates_json import from_json, to_json
from tastemaker.agent.shortlist.constraint_check import filter_by_constraints
from tastemaker.agent.shortlist.exploration_slots import Draw
from tastemaker.agent.shortlist.fusion import Fused, fuse
from tastemaker.agent.shortlist.llm_rerank import Shown, choice_weight, preferences, reorder
from tastemaker.agent.shortlist.opening_calls import opening_calls, time_call
from tastemaker.agent.shortlist.tool_loop import explore, taste_in_words
from tastemaker.agent.turn.aggregate import as_candidates, cards_of, resolve_references
from tastemaker.agent.turn.call_events import emit_call, tool_event
from tastemaker.agent.turn.grounded_reply import check_grounding
from tastemaker.agent.turn.profile_update import update_profile
from tastemaker.agent.turn.references import comparison_items, referenced_item
from tastemaker.agent.turn.reply import model_words, plain_words
from tastemaker.agent.turn.start import (
    answer_in,
    answer_turn,
    continue_from_small_talk,
    record_question,
    start_state,
)
from tastemaker.agent.turn.state import Effort, TurnContext, TurnResources, TurnState, Words, last_cards
from tastemaker.agent.turn.understand import read_message
from tastemaker.retrieval.catalog.catalog import plain
from tastemaker.retrieval.errors import ModelError
from tastemaker.retrieval.filters.aggregates import Aggregate
from tastemaker.tools.aggregate import count_up
from tastemaker.tools.candidates import Candidates

__all__ = ["Effort", "TurnContext", "TurnGraph", "TurnResources", "TurnState", "Words", "turn_graph"]

DICE = random.SystemRandom()
"""Decides which turns explore: nobody can foresee it, and no seed of anything else is touched."""
STARTED_OVER = "I forgot what you told me in this conversation; “undo” brings it back."
SAID = 30
"""Earlier messages that the conversation's ranker gets to see."""


TurnGraph = CompiledStateGraph[TurnState, TurnContext, TurnState, TurnState]


def turn_graph(checkpointer: BaseCheckpointSaver[str]) -> TurnGraph:
    """The graph of a turn, its sessions kept by ``checkpointer``."""
    graph = StateGraph(TurnState, context_schema=TurnContext)
    graph.add_node("understand", understand)
    graph.add_node("count_up", tally)
    graph.add_node("explore", look_around)
    graph.add_node("conclude", conclude)
    graph.add_node("reply", reply)
    graph.add_edge(START, "understand")
    graph.add_conditional_edges("understand", _next, ["count_up", "explore", "reply"])
    graph.add_edge("count_up", "reply")
    graph.add_edge("explore", "conclude")
    graph.add_edge("conclude", "reply")
    graph.add_edge("reply", END)
    return graph.compile(checkpointer=checkpointer)


def understand(state: TurnState, runtime: Runtime[TurnContext]) -> TurnState:
    """Read the message, edit the profile by it, remember the profile as it was."""
    context, emit = runtime.context, runtime.stream_writer
    before = TasteProfile.model_validate(state.get("profile", {}))
    if (answer := answer_in(state, before, context.resources.tool_context.catalog)) is not None:
        return answer_turn(state, before, *answer, emit)
    understanding, usage = read_message(state["message"], context, emit)
    understanding = continue_from_small_talk(understanding, before, state)
    timeline = Timeline.of(state)
    asked: Aggregate | None = None
    if understanding.intent in (Intent.UNDO, Intent.REDO):
        profile, timeline, notes = _travel(understanding.intent, before, timeline)
        asking, named, offered = None, tuple[str, ...](), tuple[str, ...]()
    else:
        heard = update_profile(
            understanding,
            before,
            [card.id for card in last_cards(state)],
            context.resources.tool_context.catalog,
            context.resources.tool_context.resolver,
            state.get("questions", []),
        )
        profile, notes, named, offered = heard.profile, heard.notes, heard.named, heard.offered
        asking = heard.asking and heard.asking.model_copy(
            update={
                "intent": understanding.intent,
                "act": understanding.act,
                "message": state["message"],
                "named": named,
            }
        )
        if understanding.act is Act.RESTART:
            profile, notes = TasteProfile(), (STARTED_OVER,)
        if understanding.relative:
            spoken = comparison_items(named, state, context.resources.tool_context.catalog)
            conditions, unclear = resolve_relatives(understanding.relative, spoken)
            profile, notes = reduce(TasteProfile.with_constraint, conditions, profile), (*notes, *unclear)
        if understanding.asked:
            this = referenced_item(named, state, context.resources.tool_context.catalog)
            asked, more = resolve_references(
                understanding.asked, this, context.resources.tool_context.catalog
            )
            notes = (*notes, *more)
        timeline = timeline.after_edit(before)
    stored = profile.model_dump(mode="json")
    emit(Understood(understanding=understanding.model_dump(mode="json"), profile=stored, notes=notes))
    return {
        **start_state(state, profile, timeline, understanding.intent, understanding.act),
        "named": list(named),
        "offered": list(offered),
        "notes": list(notes),
        **record_question(state, asking),
        "usage": usage.model_dump(),
        "asked": asked.model_dump(mode="json") if asked else None,
    }


def tally(state: TurnState, runtime: Runtime[TurnContext]) -> TurnState:
    """Answer a question about many items from the catalogue alone."""
    context, emit, tool_context = (
        runtime.context,
        runtime.stream_writer,
        runtime.context.resources.tool_context,
    )
    started = time.perf_counter()
    answer, sentence = count_up(tool_context, Aggregate.model_validate(state["asked"]))
    result = replace(as_candidates(answer), seconds=round(time.perf_counter() - started, 5))
    emit(tool_event(result, tool_context))
    shown = cards_of(answer, tool_context.catalog, context.k)
    for card in shown:
        emit(ItemShown(card=card))
    return {"answer": sentence, "shortlist": [card.model_dump(mode="json") for card in shown]}


def look_around(state: TurnState, runtime: Runtime[TurnContext]) -> TurnState:
    """The opening calls, then, at full effort, the surrogate-user loop."""
    context, emit = runtime.context, runtime.stream_writer
    tool_context, profile = context.resources.tool_context, TasteProfile.model_validate(state["profile"])
    usage = [Usage.model_validate(state["usage"])]
    lists: list[Candidates] = []

    def on_tool(candidates: Candidates) -> None:
        lists.append(candidates)
        emit(tool_event(candidates, tool_context))

    def on_model(sha: str, filled: FormAnswer) -> None:
        usage.append(filled.usage)
        emit_call(emit, "explore", sha, filled)

    for call in opening_calls(tool_context, profile, state["named"], _recent_texts(state)):
        on_tool(time_call(call, 0))
    if context.model and context.effort is Effort.THOROUGH:
        try:
            utterances = _recent_texts(state)
            emit(
                explore(
                    tool_context,
                    profile,
                    lists,
                    context.model,
                    on_model,
                    on_tool,
                    context.max_rounds,
                    utterances,
                )
            )
        except ModelError as error:
            emit(Fallback(step="explore", reason=str(error), error=type(error).__name__))
            emit(Explored(stopped="failed", rounds=len(usage) - 1, why=str(error)))
    return {"lists": [to_json(candidates) for candidates in lists], "usage": sum(usage, Usage()).model_dump()}


def conclude(state: TurnState, runtime: Runtime[TurnContext]) -> TurnState:
    """Fuse the lists, keep the promises, let the model choose where that helps, take the best."""
    context, emit = runtime.context, runtime.stream_writer
    profile, resources = TasteProfile.model_validate(state["profile"]), context.resources
    lists = [from_json(candidate) for candidate in state["lists"]]
    cards = []
    ranked, used = _choose(
        filter_by_constraints(fuse(lists), profile, resources.tool_context), profile, state, context, emit
    )
    usage = (Usage.model_validate(state["usage"]) + used).model_dump()
    drawn = Draw.by(context.policy, [candidate.id for candidate in ranked], context.k, DICE)
    for fused in (ranked[place] for place in drawn.places):
        item = resources.tool_context.catalog[fused.id]
        shown = {name: plain(value) for name, value in item.attributes.items()}
        reason, cites = resources.reasons.cite(item, profile, fused)
        card = Card(
            id=item.id,
            title=item.title,
            attributes=shown,
            reason=reason,
            score=round(fused.score, 6),
            sources=fused.sources,
            cites=cites,
        )
        emit(ItemShown(card=card))
        cards.append(card.model_dump(mode="json"))
    clarified = state.get("clarified", [])
    concluded: TurnState = {"shortlist": cards, "drawn": drawn.model_dump(), "usage": usage}
    if state["question"] or state["intent"] != Intent.RECOMMEND:
        return concluded
    ask = question_worth_asking(ranked, profile, resources.tool_context.catalog, clarified, context.k)
    if ask is None:
        return concluded
    asking = PendingQuestion(kind="taste", text=ask.text, field=ask.field, choices=ask.choices)
    return {**concluded, "clarified": [*clarified, ask.field], **record_question(state, asking)}


def reply(state: TurnState, runtime: Runtime[TurnContext]) -> TurnState:
    """Word the answer, remember what was shown."""
    context, emit = runtime.context, runtime.stream_writer
    profile = TasteProfile.model_validate(state["profile"])
    cards = tuple(Card.model_validate(card) for card in state["shortlist"])
    intent = Intent(state["intent"])
    plain, offer, evidence = plain_words(state, intent, profile, cards, context.resources)
    worded, usage = plain, Usage.model_validate(state["usage"])
    asked = context.effort is not Effort.FAST and context.words is Words.MODEL
    if asked and cards and not state["answer"]:
        worded, used = model_words(state["message"], worded, context, emit)
        usage += used
    asking = offer or (PendingQuestion.model_validate(state["asking"]) if state["asking"] else None)
    worded, notes = check_grounding(worded, plain, state, profile, asking, evidence, context.resources, emit)
    emit(Text(text=worded.message))
    answered: dict[str, Any] = {
        "items": [card.model_dump(mode="json") for card in worded.cards],
        "message": worded.message,
        "question": worded.question,
        "notes": list(notes),
    }
    messages = [
        *state.get("messages", []),
        {"role": "user", "text": state["message"]},
        {"role": "assistant", "text": worded.message, "items": [card.id for card in worded.cards]},
    ]
    shown = profile if state["answer"] else profile.with_shown(card.id for card in worded.cards)
    kept, summary = fold_messages(state, messages)
    return {
        "answered": state["turn"],
        "reply": answered,
        "messages": kept,
        "summary": summary,
        "profile": shown.model_dump(mode="json"),
        "lists": [],
        "shortlist": [],  # what a session keeps is read at every turn
        "last": answered["items"] or state.get("last", []),
        "usage": usage.model_dump(),
        **(record_question(state, offer) if offer else {}),
        **({} if worded.question else {"asking": None}),
    }


def _recent_texts(state: TurnState) -> list[str]:
    """What was said lately by either, the message last."""
    return [*(message["text"] for message in state.get("messages", [])[-SAID:]), state["message"]]


def _choose(
    ranked: list[Fused], profile: TasteProfile, state: TurnState, context: TurnContext, emit: Any
) -> tuple[list[Fused], Usage]:
    """The list in the order that the model's choice gives it, at full effort, and what that cost."""
    weight = choice_weight(context.model) if context.model and context.effort is Effort.THOROUGH else 0.0
    if not (context.model and weight and len(ranked) > 1):
        return ranked, Usage()
    tool_context, calls = context.resources.tool_context, list[FormAnswer]()

    def on_call(sha: str, filled: FormAnswer) -> None:
        calls.append(filled)
        emit_call(emit, "choose", sha, filled)

    shown = Shown.of(
        tool_context.catalog,
        [candidate.id for candidate in ranked],
        _recent_texts(state),
        taste_in_words(tool_context, profile),
    )
    try:
        liked = preferences(context.model, shown, on_call)
    except ModelError as error:
        emit(Fallback(step="choose", reason=str(error), error=type(error).__name__))
    else:
        if not any(filled.failed for filled in calls):  # the weight was measured for the model asked first
            ranked = reorder(ranked, liked, weight)
    return ranked, sum((filled.usage for filled in calls), Usage())


def _travel(
    intent: Intent, now: TasteProfile, timeline: Timeline
) -> tuple[TasteProfile, Timeline, tuple[str, ...]]:
    if intent is Intent.UNDO:
        profile, timeline = timeline.undone(now)
        words = "I took the last step back.", "There is nothing to take back."
    else:
        profile, timeline = timeline.redone(now)
        words = "I took the step again.", "There is nothing to bring back."
    return profile, timeline, (words[profile == now],)


def _next(state: TurnState) -> str:
    if state["asked"] and not state["question"]:
        return "count_up"
    if state["question"] and not TasteProfile.model_validate(state["profile"]).has_evidence():
        return "reply"
    talks = state["act"] or state["intent"] in (Intent.QUESTION, Intent.CHAT)
    return "reply" if talks else "explore"
