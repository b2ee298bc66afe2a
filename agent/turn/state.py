"""What one turn works on, what its steps add to that, and what all turns of an agent share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Self

from pydantic import BaseModel, ConfigDict

from tastemaker.agent.events import Card, Reply
from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.llm.model_profile import NO_MODEL, ModelProfile
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.memory.message import Message
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.summary import Summary
from tastemaker.agent.memory.undo_history import Timeline
from tastemaker.agent.nlu.context_reader import ContextReader
from tastemaker.agent.nlu.item_rows import ItemRows
from tastemaker.agent.nlu.llm_reader import ModelReader
from tastemaker.agent.nlu.message_kind import message_kind_reader
from tastemaker.agent.nlu.pending_question import PendingQuestion
from tastemaker.agent.nlu.plain_messages import PlainMessages
from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.stance import stance_reader
from tastemaker.agent.nlu.talk import Talk
from tastemaker.agent.nlu.understanding import Act, Intent
from tastemaker.agent.reply.claim_check import ClaimCheck
from tastemaker.agent.reply.entity_index import Entities
from tastemaker.agent.reply.reasons import Reasons
from tastemaker.agent.shortlist.exploration_slots import BEST_ONLY, Draw, ExplorationPolicy
from tastemaker.agent.shortlist.model_ranking import Ranking
from tastemaker.agent.shortlist.tool_loop import MAX_ROUNDS
from tastemaker.agent.turn.session_state import SessionState
from tastemaker.retrieval.filters.aggregates import Aggregate
from tastemaker.tools.candidates import Candidates
from tastemaker.tools.tool_context import ToolContext

MAX_RECENT = 30
"""Earlier messages that the conversation's ranker and the model's choice get to see."""


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
    plain: PlainMessages
    reasons: Reasons
    entities: Entities
    claims: ClaimCheck

    @classmethod
    def of(cls, tool_context: ToolContext) -> TurnResources:
        """Prepare the readers and reasons for a catalogue."""
        catalog = tool_context.catalog
        stances = stance_reader(
            tool_context.index.encoder, tool_context.index.embed, tool_context.index.prepare
        )
        rules = RulesReader(catalog, tool_context.resolver, tool_context.facet_matcher, stances)
        kinds = message_kind_reader(tool_context.index.encoder, tool_context.index.embed)
        plain = PlainMessages(catalog, rules, kinds)
        reasons = Reasons(catalog, tool_context.facets)
        phrases = reasons.evidence.phrases
        return cls(
            tool_context,
            rules,
            plain,
            reasons,
            Entities(catalog),
            ClaimCheck(tool_context.facet_matcher, lambda condition: phrases.can_deny(condition, catalog)),
        )

    @cached_property
    def rows(self) -> ItemRows:
        """Items as a model reads them; like the readers below, made only where one is asked."""
        return ItemRows(self.tool_context.catalog)

    @cached_property
    def reader(self) -> ModelReader:
        """Reads a message with a model beside the rules."""
        return ModelReader(self.tool_context.catalog, self.rules)

    @cached_property
    def context_reader(self) -> ContextReader:
        """Reads a whole conversation with a capable model."""
        context = self.tool_context
        return ContextReader(context.catalog, context.resolver, self.rows, kinds_of(context))


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
    model_profile: ModelProfile = NO_MODEL


def kinds_of(tool_context: ToolContext) -> str:
    """What a catalogue's items are called, in the plural."""
    return f"{tool_context.facets.item}s" if tool_context.facets else "items"


class TurnState(SessionState):
    """The state of the graph: the session as the turn found it, and what the steps made of it so far.

    Attributes:
        message: what the person said.
        edited: nothing was said: the request was edited, and ``message`` tells how.
        intent, act: what they want, read from it.
        notes: what they should know besides the answer.
        offered: ids of the items that question and notes ask them to choose from.
        about: the message that a bare answer goes back to, "" where there is none.
        asked: a question about many items.
        answer: the answer to it, "" where none was asked.
        lists: what the tools found.
        shortlist: the cards to show, the best first.
        ranking: what a model said of the candidates: reasons and an opening sentence, unchecked.
        drawn: how they were chosen from the candidates.
        reply: the reply, without what only the session knows: usage, ids.
        usage: what the model cost so far.
    """

    message: str = ""
    edited: bool = False
    intent: Intent = Intent.RECOMMEND
    act: Act | None = None
    notes: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    about: str = ""
    asked: Aggregate | None = None
    answer: str = ""
    lists: tuple[Candidates, ...] = ()
    shortlist: tuple[Card, ...] = ()
    ranking: Ranking = Ranking()
    drawn: Draw | None = None
    reply: Reply | None = None
    usage: Usage = Usage()

    @classmethod
    def begin(cls, session: SessionState, message: str, *, edited: bool = False) -> Self:
        """A turn of a session."""
        return cls(**{**dict(session), "message": message, "edited": edited})

    @property
    def session(self) -> SessionState:
        """What the session keeps of it."""
        return SessionState(**{name: getattr(self, name) for name in SessionState.model_fields})

    @property
    def question(self) -> str:
        """The question back, "" where there is none."""
        return self.asking.text if self.asking else ""

    @property
    def recent_texts(self) -> list[str]:
        """What was said lately by either, this message last."""
        before = [message.text for message in self.messages[-MAX_RECENT:]]
        return before if self.edited else [*before, self.message]

    @property
    def talk(self) -> Talk:
        """The conversation up to this message, as a model reads it."""
        return Talk(self.profile, self.messages, [card.id for card in self.last])

    def questions_with(self, asking: PendingQuestion | None) -> tuple[str, ...]:
        """Keys of the questions asked, a new one among them."""
        return (*self.questions, asking.key) if asking else self.questions


class _Step(BaseModel):
    """What a step of the turn adds to its state: fields of :class:`TurnState`, all of them to be given."""

    model_config = ConfigDict(frozen=True)


class Reading(_Step):
    """What the message was read to mean."""

    profile: TasteProfile
    timeline: Timeline
    turn: int
    intent: Intent
    act: Act | None
    named: tuple[str, ...]
    offered: tuple[str, ...]
    notes: tuple[str, ...]
    about: str
    asking: PendingQuestion | None
    questions: tuple[str, ...]
    asked: Aggregate | None
    usage: Usage


class Tally(_Step):
    """The answer to a question about many items, and the request that it leaves behind."""

    answer: str
    shortlist: tuple[Card, ...]
    profile: TasteProfile


class Exploration(_Step):
    """What the tools found, and the order that a model gave it while it looked."""

    lists: tuple[Candidates, ...]
    ranking: Ranking
    usage: Usage


class Shortlist(_Step):
    """What to show, and what to ask back."""

    shortlist: tuple[Card, ...]
    ranking: Ranking
    drawn: Draw
    clarified: tuple[str, ...]
    asking: PendingQuestion | None
    questions: tuple[str, ...]
    usage: Usage


class Answered(_Step):
    """The reply, and what the session remembers of the turn."""

    reply: Reply
    profile: TasteProfile
    messages: tuple[Message, ...]
    summary: Summary
    last: tuple[Card, ...]
    named: tuple[str, ...]
    asking: PendingQuestion | None
    questions: tuple[str, ...]
    usage: Usage
