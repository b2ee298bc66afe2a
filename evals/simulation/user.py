"""What a simulated user says and hears, whoever plays it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tastemaker.evals.simulation.target_card import Fact
from tastemaker.retrieval.filters.conditions import Condition

SOMETHING_ELSE = "Something else, please."
"""What is said where everything better would give the item away, or nothing is left to tell."""


@dataclass(frozen=True)
class Said:
    """One message of a simulated user.

    Attributes:
        text: as the agent gets it.
        told: facts of the card that it tells.
        stated: hard conditions that it states; nothing shown may break one from then on.
        taken_back: earlier ones that no longer count.
        usage: what it cost, where a model wrote it.
        leaves: whether it is a farewell, which no agent hears: the conversation is over and failed.
    """

    text: str
    told: tuple[Fact, ...] = ()
    stated: tuple[Condition, ...] = ()
    taken_back: tuple[Condition, ...] = ()
    usage: dict[str, Any] | None = None
    leaves: bool = False


@dataclass(frozen=True)
class AgentTurn:
    """What an agent under test answered.

    Attributes:
        items: ids shown, best first.
        text: all of the reply as text.
        question: what it asks back, or "".
        usage: what it cost, where known.
        first_seconds: until the first item was there, where known.
        places: item id -> the ranks at which tools found it, where known.
    """

    items: tuple[str, ...]
    text: str
    question: str = ""
    usage: dict[str, Any] | None = None
    first_seconds: float | None = None
    places: Mapping[str, Sequence[int]] | None = None


class SimulatedUser(Protocol):
    """Somebody with an item in mind, for one conversation."""

    def opening(self) -> Said:
        """The first message."""

    def answer(self, turn: AgentTurn) -> Said:
        """The next message, after a reply without the item."""


class Conversation(Protocol):
    """An agent in one conversation."""

    def send(self, message: str) -> AgentTurn:
        """One turn."""

    def accept(self, item_id: str) -> None:
        """The user takes an item: the conversation is over."""


class AgentUnderTest(Protocol):
    """Begins conversations with people of whom a history is known."""

    def begin(self, history: Sequence[str]) -> Conversation:
        """A new conversation; ``history`` are item ids, the oldest first."""
