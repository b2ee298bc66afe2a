"""How a turn begins: with a bare answer to the last question, or with a message; what it sets back, what it asks."""

from __future__ import annotations

import re
from typing import Any

from tastemaker.agent.events import Understood
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.undo_history import Timeline
from tastemaker.agent.nlu.clarification_answers import Answered, read_answer
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.agent.nlu.understanding import Act, Intent, Understanding
from tastemaker.agent.turn.state import TurnState
from tastemaker.retrieval.catalog.catalog import Catalog

_LEAVING = re.compile(r"\b(?:thanks|thank you|thx|bye|goodbye|good night)\b", re.IGNORECASE)


def continue_from_small_talk(
    understanding: Understanding, profile: TasteProfile, state: TurnState
) -> Understanding:
    """Small talk ("hi", "ok") from somebody whose taste is known and who was shown nothing yet asks for a list."""
    waiting = profile.has_evidence() and not state.get("last")
    if (
        understanding.intent is Intent.CHAT
        and not understanding.act
        and waiting
        and not _LEAVING.search(state["message"])
    ):
        return understanding.model_copy(update={"intent": Intent.RECOMMEND})
    return understanding


def answer_in(
    state: TurnState, profile: TasteProfile, catalog: Catalog
) -> tuple[Answered, PendingQuestion] | None:
    """The message as a bare answer to the question asked last, if it is one."""
    if not state.get("asking"):
        return None
    asking = PendingQuestion.model_validate(state["asking"])
    answer = read_answer(state["message"], asking, profile, catalog)
    return (answer, asking) if answer else None


def answer_turn(
    state: TurnState, before: TasteProfile, answer: Answered, asking: PendingQuestion, emit: Any
) -> TurnState:
    """The turn after a bare answer: what it was asked for is done now."""
    intent, act = (asking.intent, asking.act) if answer.title else (Intent.RECOMMEND, None)
    form = Understanding(intent=intent, act=act, by=f"answer to: {asking.text}")
    stored = answer.profile.model_dump(mode="json")
    emit(Understood(understanding=form.model_dump(mode="json"), profile=stored, notes=answer.notes))
    return {
        **start_state(state, answer.profile, Timeline.of(state).after_edit(before), intent, act),
        "named": list(answer.named),
        "offered": [],
        "notes": list(answer.notes),
        **record_question(state, None),
        "usage": Usage().model_dump(),
        "asked": None,
        "about": asking.message if answer.title else "",
    }


def start_state(
    state: TurnState, profile: TasteProfile, timeline: Timeline, intent: Intent, act: Act | None
) -> TurnState:
    """What every turn sets back when its message has been read."""
    steps, turn = timeline.to_json(profile), state.get("turn", 0)
    return {
        "answered": turn,
        "past": steps["past"],
        "future": steps["future"],
        "turn": turn + 1,
        "profile": profile.model_dump(mode="json"),
        "intent": intent.value,
        "act": act.value if act else "",
        "lists": [],
        "shortlist": [],
        "drawn": None,
        "answer": "",
        "about": "",
    }


def record_question(state: TurnState, asking: PendingQuestion | None) -> TurnState:
    """The question of a turn, and that it has been asked."""
    before = state.get("questions", [])
    return {
        "question": asking.text if asking else "",
        "asking": asking.to_json() if asking else None,
        "questions": [*before, asking.key] if asking else before,
    }
