"""What a session keeps of turns that are too old to be kept word by word: made by code, and bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

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

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> Self:
        """As it stands in a session's state."""
        return cls.model_validate(state.get("summary") or {})

    def with_messages(self, messages: Sequence[Mapping[str, Any]]) -> Self:
        """With these messages, the oldest first, folded in."""
        said = [str(message["text"]) for message in messages if message["role"] == "user"]
        lists = [tuple(message["items"]) for message in messages if message.get("items")]
        return self.model_copy(
            update={
                "messages": self.messages + len(messages),
                "opening": self.opening or (said[0][:MAX_FIRST] if said else ""),
                "first_shown": self.first_shown or (lists[0] if lists else ()),
                "lists": self.lists + len(lists),
            }
        )


def fold_messages(
    state: Mapping[str, Any], messages: Sequence[dict[str, Any]], most: int = MAX_MESSAGES
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """``messages`` and ``summary`` of a session's state, for all messages that it would hold.

    Messages are folded by halves, so that most turns fold none.
    """
    summary = Summary.of(state)
    if len(messages) > most:
        old = len(messages) - most // 2
        summary, messages = summary.with_messages(messages[:old]), messages[old:]
    return list(messages), summary.model_dump(mode="json")


def earlier_lists(state: Mapping[str, Any]) -> list[Sequence[str]]:
    """Item ids of the lists shown, the first of all first, then those that are kept word by word."""
    first = Summary.of(state).first_shown
    kept = [message["items"] for message in state.get("messages", []) if message.get("items")]
    return [first, *kept] if first else kept
