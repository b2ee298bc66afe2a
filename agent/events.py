"""What happens in a turn, as typed events: the stream, the trace and the evals' input at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from tastemaker.agent.llm.usage import Usage
from tastemaker.tools.candidates import Source


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True)


class Citation(BaseModel):
    """A value that is said of an item.

    Attributes:
        item: its id: the item shown, or one of the person's profile that it is likened to.
        field: an attribute; ``title`` for the title.
        value: as said, letters' case apart.
    """

    model_config = ConfigDict(frozen=True)

    item: str
    field: str
    value: str


class Card(BaseModel):
    """One recommended item as it is shown.

    Attributes:
        reason: why it is here; every value in it stands in the catalogue or in the profile.
        score: fused score, comparable within one reply.
        sources: the tool calls that found it, with its place in each.
        cites: the fields of this item, and of items of the profile, that the reason by template rests on.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    attributes: dict[str, Any]
    reason: str
    score: float
    sources: tuple[Source, ...]
    cites: tuple[Citation, ...] = ()

    @field_validator("sources", mode="before")
    @classmethod
    def _read_labels(cls, sources: Any) -> Any:
        """Traces and sessions of before had labels such as ``rank() #2`` here."""
        return [Source.of_label(one) if isinstance(one, str) else one for one in sources]


class Started(_Event):
    """The person's message arrived; or, where ``edited``, an edit of the request, in words."""

    kind: Literal["started"] = "started"
    message: str
    llm: str
    effort: str
    edited: bool = False


class Understood(_Event):
    """The message was read: the form, and what the profile became."""

    kind: Literal["understood"] = "understood"
    understanding: dict[str, Any]
    profile: dict[str, Any]
    notes: tuple[str, ...] = ()


class ToolCalled(_Event):
    """A tool returned candidates."""

    kind: Literal["tool"] = "tool"
    tool: str
    arguments: dict[str, Any]
    round: int
    found: int
    best: tuple[str, ...]
    seconds: float
    note: str = ""


class ModelCalled(_Event):
    """The language model answered."""

    kind: Literal["model"] = "model"
    step: str
    prompt_sha: str
    answer: dict[str, Any]
    usage: Usage


class Explored(_Event):
    """The surrogate-user loop is over: after how many rounds, and why it stopped.

    ``stopped`` is ``finished`` (the model had enough; ``why`` is what it said), ``rounds``
    (all rounds were used) or ``failed`` (the model gave no usable step; ``why`` is the error).
    """

    kind: Literal["explored"] = "explored"
    stopped: Literal["finished", "rounds", "failed"]
    rounds: int
    why: str = ""


class ModelSwitched(_Event):
    """A model failed, and the next one of the chain was asked."""

    kind: Literal["switched"] = "switched"
    step: str
    model: str
    error: str
    reason: str


class Fallback(_Event):
    """A step went on without the model, or without part of its answer, and why.

    ``model_failed`` tells a model that gave no usable answer from one whose answer was corrected;
    ``error`` is then the name of the error's class.
    """

    kind: Literal["fallback"] = "fallback"
    step: str
    reason: str
    model_failed: bool = True
    error: str = ""


class CardsByRules(_Event):
    """What rules alone would show, at once, while the model is asked; the items shown later take their place."""

    kind: Literal["first_cards"] = "first_cards"
    cards: tuple[Card, ...]


class ItemShown(_Event):
    """An item is on the final list; its reason may still be reworded in the reply."""

    kind: Literal["item"] = "item"
    card: Card


class Text(_Event):
    """The prose of the reply."""

    kind: Literal["text"] = "text"
    text: str


class Reply(BaseModel):
    """The answer of one turn.

    Attributes:
        items: what is recommended, best first; may be empty.
        message: the lead-in, or the answer where nothing is recommended.
        question: at most one question back, or "".
        notes: what the person should know, such as a title that is not in the catalogue.
        usage: what the turn cost.
        session, trace: where to find it again.
    """

    model_config = ConfigDict(frozen=True)

    items: tuple[Card, ...]
    message: str
    question: str = ""
    notes: tuple[str, ...] = ()
    usage: Usage = Usage()
    session: str = ""
    trace: str = ""

    @property
    def text(self) -> str:
        """The whole reply as plain text: notes, lead-in, numbered items with reasons, question."""
        listed = [f"{n}. {card.title}: {card.reason}" for n, card in enumerate(self.items, 1)]
        return "\n".join(part for part in (*self.notes, self.message, *listed, self.question) if part)


class Done(_Event):
    """The turn is over."""

    kind: Literal["done"] = "done"
    reply: Reply


Event = Annotated[
    Started
    | Understood
    | ToolCalled
    | ModelCalled
    | Explored
    | ModelSwitched
    | Fallback
    | CardsByRules
    | ItemShown
    | Text
    | Done,
    Field(discriminator="kind"),
]

Emit = Callable[[Event], None]
"""Takes an event as it happens."""

EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads an event back from its JSON."""
