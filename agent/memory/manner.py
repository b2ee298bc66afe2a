"""How a conversation is to be answered: with how much effort, how varied, by which model; kept with it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Manner(BaseModel):
    """What somebody chose for one conversation; what is empty is as the agent was opened.

    Attributes:
        effort: ``fast``, ``balanced`` or ``thorough``.
        diversity: 0 for the best by themselves, up to 1 for the most different.
        model: the model that is asked first, by its name; ``rules`` for none.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    effort: Literal["", "fast", "balanced", "thorough"] = ""
    diversity: float = Field(default=0.0, ge=0, le=1)
    model: str = ""
