"""The part of OpenAI's chat completions that this server reads; other fields are let pass and not used."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tastemaker.agent.session import MAX_MESSAGE_CHARACTERS

MODEL = "tastemaker"
MAX_MESSAGES = 400


class ChatMessage(BaseModel):
    """One message; content as text, or as parts of which the texts are read."""

    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: (
        Annotated[str, Field(max_length=MAX_MESSAGE_CHARACTERS)]
        | Annotated[list[dict[str, Any]], Field(max_length=50)]
        | None
    ) = None

    @property
    def text(self) -> str:
        """What is said in it."""
        if isinstance(self.content, list):
            parts = [part.get("text") for part in self.content if part.get("type") == "text"]
            return "\n".join(part for part in parts if isinstance(part, str))
        return self.content or ""


class StreamOptions(BaseModel):
    """Whether a stream ends with what it cost."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """A conversation so far; the last message of the user is answered."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {"model": MODEL, "messages": [{"role": "user", "content": "something tense, no horror"}]}
            ]
        },
    )

    model: Annotated[str, Field(max_length=200)] = MODEL
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=MAX_MESSAGES)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    user: Annotated[str, Field(max_length=200)] | None = None
    n: Annotated[int, Field(ge=1, le=1)] | None = None
