"""What one turn works on: the state that a session keeps, and what all turns of an agent share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tastemaker.agent.events import Card
from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.memory.undo_history import Stored
from tastemaker.agent.nlu.llm_reader import ModelReader
from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.reply.entity_index import Entities
from tastemaker.agent.reply.reasons import Reasons
from tastemaker.agent.shortlist.exploration_slots import BEST_ONLY, ExplorationPolicy
from tastemaker.agent.shortlist.tool_loop import MAX_ROUNDS
from tastemaker.tools.tool_context import ToolContext


class Effort(StrEnum):
    """How much a turn may ask of the model: one call, two, or the whole loop."""

    FAST = "fast"
    BALANCED = "balanced"
    THOROUGH = "thorough"


class Words(StrEnum):
    """Who words a reply: the model where it is asked at all, or templates alone, which change no ranking."""

    MODEL = "model"
    TEMPLATE = "template"


@dataclass(frozen=True)
class TurnResources:
    """What all turns of one agent share: the tools' context and everything derived from its catalogue."""

    tool_context: ToolContext
    rules: RulesReader
    reader: ModelReader
    reasons: Reasons
    entities: Entities

    @classmethod
    def of(cls, tool_context: ToolContext) -> TurnResources:
        """Prepare the readers and reasons for a catalogue."""
        rules = RulesReader(tool_context.catalog, tool_context.resolver)
        return cls(
            tool_context,
            rules,
            ModelReader(tool_context.catalog, rules),
            Reasons(tool_context.catalog),
            Entities(tool_context.catalog),
        )


@dataclass(frozen=True)
class TurnContext:
    """Runtime context of one turn."""

    resources: TurnResources
    model: LanguageModel | None
    effort: Effort
    k: int
    max_rounds: int = MAX_ROUNDS
    policy: ExplorationPolicy = BEST_ONLY
    words: Words = Words.MODEL


class TurnState(Stored, total=False):
    """What a session keeps between turns, and what a turn's steps hand on. All JSON."""

    profile: dict[str, Any]
    messages: list[dict[str, Any]]
    summary: dict[str, Any]
    turn: int
    answered: int
    message: str
    intent: str
    act: str
    named: list[str]
    notes: list[str]
    question: str
    asking: dict[str, Any] | None
    questions: list[str]
    offered: list[str]
    about: str
    clarified: list[str]
    asked: dict[str, Any] | None
    answer: str
    lists: list[dict[str, Any]]
    shortlist: list[dict[str, Any]]
    drawn: dict[str, Any] | None
    reply: dict[str, Any]
    last: list[dict[str, Any]]
    usage: dict[str, Any]


def last_cards(state: TurnState) -> list[Card]:
    """What was shown last, card by card."""
    return [Card.model_validate(card) for card in state.get("last", [])]
