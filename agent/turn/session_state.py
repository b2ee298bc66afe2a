"""What a session keeps between turns, and how it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from tastemaker.agent.events import Card
from tastemaker.agent.memory.manner import Manner
from tastemaker.agent.memory.message import Message
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.summary import Summary
from tastemaker.agent.memory.undo_history import Timeline
from tastemaker.agent.nlu.pending_question import PendingQuestion

TIMELINE, REVISION = "timeline", "revision"


class SessionState(BaseModel):
    """One conversation. Immutable: a turn or an edit makes a new one of it.

    Attributes:
        profile: what is known of the person's taste.
        timeline: profiles to go back and forward to.
        messages: the latest, word by word, the oldest first; ``summary`` has the others.
        turn: turns answered so far.
        named: ids of the items that the last message was about.
        asking: the question that the last reply ended with.
        questions: keys of all questions asked.
        clarified: attributes that were asked about.
        last: the cards of the last reply that had any.
        manner: how it is to be answered, where somebody chose.
        catalog: hash of the catalogue that all of this fits, "" where that is not known.
        gone_items: titles, by id, of items that went from the catalogue, until the person is told.
        gone_notes: sentences on what else went, until then.
        revision: how often the session was stored; the store's own counter, no part of its JSON.
    """

    model_config = ConfigDict(frozen=True)

    profile: TasteProfile = TasteProfile()
    timeline: Timeline = Timeline()
    messages: tuple[Message, ...] = ()
    summary: Summary = Summary()
    turn: int = 0
    named: tuple[str, ...] = ()
    asking: PendingQuestion | None = None
    questions: tuple[str, ...] = ()
    clarified: tuple[str, ...] = ()
    last: tuple[Card, ...] = ()
    manner: Manner = Manner()
    catalog: str = ""
    gone_items: dict[str, str] = {}
    gone_notes: tuple[str, ...] = ()
    revision: int = Field(default=0, exclude=True)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], revision: int = 0) -> Self:
        """The state that :meth:`to_json` gave; names that are missing or not known are as in a new session."""
        own = {
            name: value for name, value in stored.items() if name in cls.model_fields and value is not None
        }
        return cls.model_validate({**own, TIMELINE: Timeline.of(stored), REVISION: revision})

    def to_json(self) -> dict[str, Any]:
        """As JSON values; steps to go back to hold only what tells them from the profile of now."""
        return {**self.model_dump(mode="json", exclude={TIMELINE}), **self.timeline.to_json(self.profile)}
