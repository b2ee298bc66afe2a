"""One message and what came of it, as the page shows it while it happens and afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tastemaker.agent import TasteProfile
from tastemaker.agent.events import (
    Card,
    CardsByRules,
    Done,
    Event,
    Fallback,
    ItemShown,
    ModelCalled,
    ModelSwitched,
    Reply,
    Started,
    Text,
    ToolCalled,
    Understood,
)
from tastemaker.agent.nlu.tokenizer import shorten
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.filters.constraints import Constraint, describe
from tastemaker.retrieval.text.joined import join_and
from tastemaker.tools.candidates import call_label
from tastemaker.ui.web.strings import t

MAX_CALL_CHARS = 80


@dataclass
class Exchange:
    """A turn on the page.

    Attributes:
        message: what the person said.
        status: what is going on, "" once it is over.
        cards: items shown so far.
        lead: the prose of the reply, "" until it is there.
        reply: the whole reply once the turn is over.
        error: what went wrong, in words for the person.
        events: everything that happened, for the trace panel.
        before: what the session was before it, to go back to; None where that is not known.
        edited: nothing was said; ``message`` tells how the request was edited.
    """

    message: str
    status: str = "Reading your message…"
    cards: list[Card] = field(default_factory=list)
    lead: str = ""
    reply: Reply | None = None
    error: str = ""
    events: list[Event] = field(default_factory=list)
    _early: bool = False
    """Whether the cards are those by rules, which the model may still better."""
    before: dict[str, Any] | None = None
    edited: bool = False

    @property
    def running(self) -> bool:
        """Whether the turn is still going on."""
        return not (self.reply or self.error)

    @property
    def required(self) -> tuple[Condition, ...]:
        """The conditions that the items had to meet."""
        read = [event for event in self.events if isinstance(event, Understood)]
        return TasteProfile.model_validate(read[-1].profile).constraints if read else ()

    def hear(self, event: Event) -> None:
        """Take in one event of the turn."""
        self.events.append(event)
        if not self.lead:
            self.status = status_of(event, 1 if self._early else len(self.cards) + 1) or self.status
        if isinstance(event, CardsByRules):
            self.cards, self._early = list(event.cards), True
        elif isinstance(event, ItemShown):
            self.cards = [event.card] if self._early else [*self.cards, event.card]
            self._early = False
        elif isinstance(event, Text):
            self.lead, self.status = event.text, ""
        elif isinstance(event, Done):
            self.reply, self.status = event.reply, ""
            self.cards, self.lead = list(event.reply.items), event.reply.message

    def fail(self, words: str) -> None:
        """End the turn with an explanation."""
        self.error, self.status = words, ""


def status_of(event: Event, shown: int = 1) -> str:
    """What an event means for somebody who waits; "" where it means nothing."""
    match event:
        case Started():
            return t("Reading your message…")
        case Understood():
            return _understanding_line(event)
        case ToolCalled():
            return t("Searching: {call}, {n} found", call=call_in_words(event), n=f"{event.found:,}")
        case ModelCalled():
            return t("Thinking it over…") if event.step == "explore" else ""
        case ModelSwitched():
            return t("Asking another language model…")
        case Fallback():
            return t("Going on without the language model…")
        case CardsByRules():
            return t("These by rules; asking the language model for better…")
        case ItemShown():
            return t("{n} picked, finding the words…", n=shown)
        case _:
            return ""


def call_in_words(event: ToolCalled) -> str:
    """A tool call as ``tool(name=value)``, shortened."""
    return shorten(call_label(event.tool, event.arguments), MAX_CALL_CHARS)


def _understanding_line(event: Understood) -> str:
    form = event.understanding
    constraints = [describe(Constraint.model_validate(c)) for c in form.get("constraints", [])]
    query_text = [f"“{shorten(form['wish'], MAX_CALL_CHARS)}”"] if form.get("wish") else []
    said = join_and([*query_text, *constraints])
    return t("Understood: {said}", said=said) if said else t("Understood")
