"""One turn as a LangGraph graph: understand, explore, conclude, reply.

State is plain JSON, so that the checkpointer stores nothing executable. What cannot be
stored (the open shelf, the model) comes in as the graph's runtime context.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from tastemaker.agent import abstain, answer
from tastemaker.agent.acts import Act, settled_relatives
from tastemaker.agent.clarify import question_worth_asking
from tastemaker.agent.events import (
    Card,
    Explored,
    Fallback,
    ItemShown,
    ModelCalled,
    ModelSwitched,
    Text,
    ToolCalled,
    Understood,
)
from tastemaker.agent.explain import explain
from tastemaker.agent.explore import MOST_ROUNDS, explore
from tastemaker.agent.forms import Intent, Understanding
from tastemaker.agent.fuse import Fused, fuse
from tastemaker.agent.listen import listen
from tastemaker.agent.llm import Filled, LanguageModel
from tastemaker.agent.planner import opening_calls, timed
from tastemaker.agent.profile import TasteProfile
from tastemaker.agent.read_model import ModelReader
from tastemaker.agent.read_rules import RulesReader
from tastemaker.agent.reasons import Reasons
from tastemaker.agent.slots import BEST_ONLY, Drawn, Slots
from tastemaker.agent.tally import as_candidates, cards_of, settled
from tastemaker.agent.timeline import Stored, Timeline
from tastemaker.agent.usage import Usage
from tastemaker.agent.wording import Worded, reworded
from tastemaker.retrieval.aggregates import Aggregate
from tastemaker.retrieval.catalog import Catalog, Item, plain
from tastemaker.retrieval.constraints import satisfies
from tastemaker.retrieval.errors import ModelError
from tastemaker.tools.aggregate import count_up
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.shelf import Shelf

BEST_IN_TRACE = 5
DICE = random.SystemRandom()
"""Decides which turns explore: nobody can foresee it, and no seed of anything else is touched."""
STARTED_OVER = "I forgot what you told me in this conversation; “undo” brings it back."
SAID = 30
"""Earlier messages that the conversation's ranker gets to see."""


class Effort(StrEnum):
    """How much a turn may ask of the model: one call, two, or the whole loop."""

    FAST = "fast"
    BALANCED = "balanced"
    THOROUGH = "thorough"


@dataclass(frozen=True)
class Mind:
    """What all turns of one agent share: the shelf and everything derived from its catalogue."""

    shelf: Shelf
    rules: RulesReader
    reader: ModelReader
    reasons: Reasons

    @classmethod
    def of(cls, shelf: Shelf) -> Mind:
        """Prepare the readers and reasons for a shelf."""
        rules = RulesReader(shelf.catalog, shelf.resolver)
        return cls(shelf, rules, ModelReader(shelf.catalog, rules), Reasons(shelf.catalog))


@dataclass(frozen=True)
class TurnContext:
    """Runtime context of one turn."""

    mind: Mind
    model: LanguageModel | None
    effort: Effort
    k: int
    max_rounds: int = MOST_ROUNDS
    slots: Slots = BEST_ONLY


class TurnState(Stored, total=False):
    """What a session keeps between turns, and what a turn's steps hand on. All JSON."""

    profile: dict[str, Any]
    messages: list[dict[str, Any]]
    turn: int
    answered: int
    message: str
    intent: str
    act: str
    named: list[str]
    notes: list[str]
    question: str
    clarified: list[str]
    asked: dict[str, Any] | None
    answer: str
    lists: list[dict[str, Any]]
    shortlist: list[dict[str, Any]]
    drawn: dict[str, Any] | None
    reply: dict[str, Any]
    last: list[dict[str, Any]]
    usage: dict[str, Any]


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
    said, usage = _read(state["message"], context, emit)
    before = TasteProfile.model_validate(state.get("profile", {}))
    timeline = Timeline.of(state)
    asked: Aggregate | None = None
    if said.intent in (Intent.UNDO, Intent.REDO):
        profile, timeline, notes = _travelled(said.intent, before, timeline)
        question, named = "", tuple[str, ...]()
    else:
        heard = listen(
            said,
            before,
            [card.id for card in _last_cards(state)],
            context.mind.shelf.catalog,
            context.mind.shelf.resolver,
        )
        profile, notes, question, named = heard.profile, heard.notes, heard.question, heard.named
        if said.act is Act.RESTART:
            profile, notes = TasteProfile(), (STARTED_OVER,)
        if said.relative:
            spoken = _compared_with(named, state, context.mind.shelf.catalog)
            conditions, unclear = settled_relatives(said.relative, spoken)
            profile, notes = reduce(TasteProfile.with_constraint, conditions, profile), (*notes, *unclear)
        if said.asked:
            spoken_of = _spoken_of(named, state, context.mind.shelf.catalog)
            asked, more = settled(said.asked, spoken_of, context.mind.shelf.catalog)
            notes = (*notes, *more)
        timeline = timeline.edited(before)
    stored = profile.model_dump(mode="json")
    emit(Understood(understanding=said.model_dump(mode="json"), profile=stored, notes=notes))
    steps = timeline.stored()
    turn = state.get("turn", 0)
    return {
        "answered": turn, "past": steps["past"], "future": steps["future"], "profile": stored,
        "turn": turn + 1, "intent": said.intent.value,
        "named": list(named), "notes": list(notes), "question": question, "lists": [], "shortlist": [], "drawn": None,
        "usage": usage.model_dump(), "answer": "", "act": said.act.value if said.act else "",
        "asked": asked.model_dump(mode="json") if asked else None,
    }  # fmt: skip


def tally(state: TurnState, runtime: Runtime[TurnContext]) -> TurnState:
    """Answer a question about many items from the catalogue alone."""
    context, emit, shelf = runtime.context, runtime.stream_writer, runtime.context.mind.shelf
    started = time.perf_counter()
    answer, sentence = count_up(shelf, Aggregate.model_validate(state["asked"]))
    found = replace(as_candidates(answer), seconds=round(time.perf_counter() - started, 5))
    emit(_tool_event(found, shelf))
    shown = cards_of(answer, shelf.catalog, context.k)
    for card in shown:
        emit(ItemShown(card=card))
    return {"answer": sentence, "shortlist": [card.model_dump(mode="json") for card in shown]}


def look_around(state: TurnState, runtime: Runtime[TurnContext]) -> TurnState:
    """The opening calls, then, at full effort, the surrogate-user loop."""
    context, emit = runtime.context, runtime.stream_writer
    shelf, profile = context.mind.shelf, TasteProfile.model_validate(state["profile"])
    usage = [Usage.model_validate(state["usage"])]
    lists: list[Candidates] = []

    def on_tool(found: Candidates) -> None:
        lists.append(found)
        emit(_tool_event(found, shelf))

    def on_model(sha: str, filled: Filled) -> None:
        usage.append(filled.usage)
        _emit_call(emit, "explore", sha, filled)

    said = [*(message["text"] for message in state.get("messages", [])[-SAID:]), state["message"]]
    for call in opening_calls(shelf, profile, state["named"], said):
        on_tool(timed(call, 0))
    if context.model and context.effort is Effort.THOROUGH:
        try:
            emit(explore(shelf, profile, lists, context.model, on_model, on_tool, context.max_rounds))
        except ModelError as error:
            emit(Fallback(step="explore", reason=str(error), error=type(error).__name__))
            emit(Explored(stopped="failed", rounds=len(usage) - 1, why=str(error)))
    return {"lists": [_stored(found) for found in lists], "usage": sum(usage, Usage()).model_dump()}


def conclude(state: TurnState, runtime: Runtime[TurnContext]) -> TurnState:
    """Fuse the lists, keep the promises, take the best."""
    context, emit = runtime.context, runtime.stream_writer
    profile, mind = TasteProfile.model_validate(state["profile"]), context.mind
    lists = [_restored(one) for one in state["lists"]]
    cards = []
    ranked = _promised(fuse(lists), profile, mind.shelf)
    drawn = Drawn.by(context.slots, [one.id for one in ranked], context.k, DICE)
    for fused in (ranked[place] for place in drawn.places):
        item = mind.shelf.catalog[fused.id]
        shown = {name: plain(value) for name, value in item.attributes.items()}
        reason = mind.reasons.why(item, profile, fused)
        card = Card(
            id=item.id, title=item.title, attributes=shown, reason=reason, score=round(fused.score, 6),
            sources=fused.sources,
        )  # fmt: skip
        emit(ItemShown(card=card))
        cards.append(card.model_dump(mode="json"))
    clarified = state.get("clarified", [])
    if state["question"] or state["intent"] != Intent.RECOMMEND:
        return {"shortlist": cards, "drawn": drawn.model_dump()}
    ask = question_worth_asking(ranked, profile, mind.shelf.catalog, clarified, context.k)
    return {
        "shortlist": cards,
        "drawn": drawn.model_dump(),
        "question": ask.text if ask else "",
        "clarified": [*clarified, ask.field] if ask else clarified,
    }


def reply(state: TurnState, runtime: Runtime[TurnContext]) -> TurnState:
    """Word the answer, remember what was shown."""
    context, emit = runtime.context, runtime.stream_writer
    profile = TasteProfile.model_validate(state["profile"])
    cards = tuple(Card.model_validate(card) for card in state["shortlist"])
    intent = Intent(state["intent"])
    worded = _plain_words(state, intent, profile, cards, context.mind)
    usage = Usage.model_validate(state["usage"])
    if cards and not state["answer"] and context.model and context.effort is not Effort.FAST:
        worded, used = _model_words(state["message"], worded, context, emit)
        usage += used
    emit(Text(text=worded.message))
    answered: dict[str, Any] = {
        "items": [card.model_dump(mode="json") for card in worded.cards],
        "message": worded.message, "question": worded.question, "notes": state["notes"],
    }  # fmt: skip
    messages = [
        *state.get("messages", []),
        {"role": "user", "text": state["message"]},
        {"role": "assistant", "text": worded.message, "items": [card.id for card in worded.cards]},
    ]
    shown = profile if state["answer"] else profile.with_shown(card.id for card in worded.cards)
    return {
        "answered": state["turn"], "reply": answered, "messages": messages, "profile": shown.model_dump(mode="json"),
        "last": answered["items"] or state.get("last", []), "usage": usage.model_dump(),
    }  # fmt: skip


def _travelled(
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
    if state["question"] and not _anything_known(TasteProfile.model_validate(state["profile"])):
        return "reply"
    talks = state["act"] or state["intent"] in (Intent.QUESTION, Intent.CHAT)
    return "reply" if talks else "explore"


def _anything_known(profile: TasteProfile) -> bool:
    """Whether there is something to go by, so that a question need not hold up an answer."""
    return bool(profile.taste() or profile.wishes or profile.constraints)


def _spoken_of(named: Sequence[str], state: TurnState, catalog: Catalog) -> Item | None:
    """What "this" means: the title named last in this message, else in the one before, else the first shown."""
    shown = [card.id for card in _last_cards(state)]
    ids = [*reversed(named), *reversed(state.get("named", [])), *shown]
    return catalog[ids[0]] if ids else None


def _compared_with(named: Sequence[str], state: TurnState, catalog: Catalog) -> list[Item]:
    """What "newer" and "that director" compare with: titles in this message, or the one before; else the last list."""
    last = [card.id for card in _last_cards(state)]
    before = [i for i in state.get("named", []) if i not in named]
    return [catalog[i] for i in named or before[-1:] or last]


def _read(message: str, context: TurnContext, emit: Any) -> tuple[Understanding, Usage]:
    mind = context.mind
    plainly = mind.rules.read(message)
    if context.model is None or plainly.asked or plainly.act:
        return plainly, Usage()
    try:
        said, filled = mind.reader.read(message, context.model)
    except ModelError as error:
        emit(Fallback(step="understand", reason=str(error), error=type(error).__name__))
        return plainly, Usage()
    _emit_call(emit, "understand", mind.reader.prompt_sha, filled)
    return said, filled.usage


def _plain_words(
    state: TurnState, intent: Intent, profile: TasteProfile, cards: Sequence[Card], mind: Mind
) -> Worded:
    if state["answer"]:
        return Worded(state["answer"], tuple(cards))
    if state["act"] and intent is Intent.QUESTION:
        earlier = [m["items"] for m in state.get("messages", []) if m.get("items")]
        told = explain(
            Act(state["act"]),
            state["message"],
            state["named"],
            _last_cards(state),
            earlier,
            profile,
            mind.shelf,
        )
        return Worded(told, (), state["question"])
    if state["act"]:
        return Worded(answer.small_talk(profile), ())
    if intent is Intent.QUESTION:
        return Worded(
            answer.about(state["message"], state["named"], _last_cards(state), mind), (), state["question"]
        )
    if state["question"] and not cards:
        return Worded("I want to get this right.", (), state["question"])
    if intent is Intent.CHAT:
        return Worded(answer.small_talk(profile), ())
    if not cards:
        return Worded(*abstain.nothing_fits(mind.shelf.catalog, profile))
    return Worded(answer.lead_in(profile, mind.shelf.catalog), tuple(cards), state["question"])


def _model_words(said: str, words: Worded, context: TurnContext, emit: Any) -> tuple[Worded, Usage]:
    shelf, model = context.mind.shelf, context.model
    if model is None:
        return words, Usage()
    facts = [context.mind.reasons.brief(shelf.catalog[card.id]) for card in words.cards]
    try:
        worded, filled, sha = reworded(model, said, context.mind.rules.without_titles(said), words, facts)
    except ModelError as error:
        emit(Fallback(step="reply", reason=str(error), error=type(error).__name__))
        return words, Usage()
    _emit_call(emit, "reply", sha, filled)
    for refused in worded.refused:
        emit(Fallback(step="reply", reason=f"not borne out by the facts: {refused}", model_failed=False))
    return worded, filled.usage


def _emit_call(emit: Any, step: str, sha: str, filled: Filled) -> None:
    for failed in filled.failed:
        emit(ModelSwitched(step=step, model=failed.model, error=failed.error, reason=failed.reason))
    emit(ModelCalled(step=step, prompt_sha=sha, answer=filled.value, usage=filled.usage))


def _promised(fused: Sequence[Fused], profile: TasteProfile, shelf: Shelf) -> list[Fused]:
    """What may be shown: new to the person, within every constraint, nothing twice.

    Nothing twice: no title, and of near-duplicates and variants of one product only the best.

    The tools filter already; this checks each item again with the other, row-wise
    implementation of constraints, so that a slip in one of them is never shown.
    """
    hidden, taken, kept = profile.hidden(), set[tuple[str, str]](), list[Fused]()
    for one in fused:
        item = shelf.catalog[one.id]
        fits = all(satisfies(item, constraint) for constraint in profile.constraints)
        same = {("title", item.title), ("group", shelf.groups.key(one.id))}
        if one.id not in hidden and fits and not same & taken:
            taken |= same
            kept.append(one)
    return kept


def _tool_event(found: Candidates, shelf: Shelf) -> ToolCalled:
    return ToolCalled(
        tool=found.tool, arguments=dict(found.arguments), round=found.round, found=len(found.ranked),
        best=tuple(shelf.catalog[i].title for i, _ in found.ranked[:BEST_IN_TRACE]), seconds=found.seconds,
        note=found.note,
    )  # fmt: skip


def _stored(found: Candidates) -> dict[str, Any]:
    return {
        "tool": found.tool, "arguments": dict(found.arguments), "round": found.round, "note": found.note,
        "ranked": [list(pair) for pair in found.ranked], "seconds": found.seconds,
    }  # fmt: skip


def _restored(stored: dict[str, Any]) -> Candidates:
    return Candidates(**{**stored, "ranked": tuple((i, s) for i, s in stored["ranked"])})


def _last_cards(state: TurnState) -> list[Card]:
    return [Card.model_validate(card) for card in state.get("last", [])]
