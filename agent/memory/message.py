"""One message of a conversation, as a session keeps it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Role = Literal["user", "assistant"]


class Message(BaseModel):
    """What somebody said.

    Attributes:
        role: ``user`` for the person, ``assistant`` for us.
        text: as said.
        items: ids of the items that a reply showed.
    """

    model_config = ConfigDict(frozen=True)

    role: Role
    text: str
    items: tuple[str, ...] = ()
