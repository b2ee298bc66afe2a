"""What a session keeps of turns that are too old to be kept word by word: made by code, and bounded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel, ConfigDict

from tastemaker.agent.memory.message import Message

MAX_MESSAGES = 80
"""Messages kept word by word, and at least half of them: no step of a turn looks further back than thirty."""

MAX_FIRST = 200
"""Letters kept of the message that opened the conversation."""


class Summary(BaseModel):
    """The folded part of a conversation. What its messages taught about taste is in the profile.

    Attributes:
        messages: how many messages were folded.
        opening: how the person began.
        first_shown: item ids of the first list that was shown.
        lists: how many folded replies had a list.
    """

    model_config = ConfigDict(frozen=True)

    messages: int = 0
    opening: str = ""
    first_shown: tuple[str, ...] = ()
    lists: int = 0

    def with_messages(self, messages: Sequence[Message]) -> Self:
        """With these messages, the oldest first, folded in."""
        said = [message.text for message in messages if message.role == "user"]
        lists = [message.items for message in messages if message.items]
        return self.model_copy(
            update={
                "messages": self.messages + len(messages),
                "opening": self.opening or (said[0][:MAX_FIRST] if said else ""),
                "first_shown": self.first_shown or (lists[0] if lists else ()),
                "lists": self.lists + len(lists),
            }
        )


def fold_messages(
    summary: Summary, messages: Sequence[Message], most: int = MAX_MESSAGES
) -> tuple[tuple[Message, ...], Summary]:
    """The messages to keep word by word, and the summary with the others folded in.

    Messages are folded by halves, so that most turns fold none.
    """
    if len(messages) > most:
        old = len(messages) - most // 2
        summary, messages = summary.with_messages(messages[:old]), messages[old:]
    return tuple(messages), summary


def earlier_lists(summary: Summary, messages: Sequence[Message]) -> list[Sequence[str]]:
    """Item ids of the lists shown, the first of all first, then those that are kept word by word."""
    kept: list[Sequence[str]] = [message.items for message in messages if message.items]
    return [summary.first_shown, *kept] if summary.first_shown else kept
