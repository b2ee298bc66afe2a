"""What requests carry and answers hold, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tastemaker.agent.exported_tools import MAX_TITLES
from tastemaker.agent.session import MAX_K, MAX_MESSAGE_CHARACTERS

MAX_EVENTS = 1000
ID = r"^[A-Za-z0-9_-]{1,40}$"

Count = Annotated[int, Field(ge=1, le=MAX_K)]
Titles = Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=MAX_TITLES)]
Said = Annotated[str, Field(min_length=1, max_length=MAX_MESSAGE_CHARACTERS)]
PersonId = Annotated[str, Field(pattern=ID)]
ItemId = Annotated[str, Field(min_length=1, max_length=500)]


class Body(BaseModel):
    """A request's content; a field that is not known is an error."""

    model_config = ConfigDict(extra="forbid")


class NewSession(Body):
    """What a conversation begins with; titles, or item ids."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"liked": ["Heat (1995)"], "person": "anna"}]}
    )

    history: Titles = []
    liked: Titles = []
    disliked: Titles = []
    person: PersonId | None = None


class NewMessage(Body):
    """One message of a person."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"message": "something tense, no horror", "k": 5, "stream": False}]},
    )

    message: Said
    k: Count = 5
    stream: bool = True


class ProfileEdit(Body):
    """One change of a profile: ``like``, ``dislike``, ``choose``, ``open`` and ``forget`` take an item;
    ``condition`` words such as "from the nineties"; ``drop`` and ``widen`` the text of a condition;
    ``undo`` and ``redo`` nothing."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"do": "like", "item": "50"}, {"do": "condition", "where": "year at least 1990"}]
        },
    )

    do: Literal["like", "dislike", "choose", "open", "forget", "condition", "drop", "widen", "undo", "redo"]
    item: ItemId | None = None
    where: Annotated[str, Field(min_length=1, max_length=2000)] | None = None


class RecommendRequest(Body):
    """One question without a conversation; the answer's ``session`` goes on with it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"message": "a comedy for the family", "liked": ["Toy Story (1995)"], "k": 3}]
        },
    )

    message: Said = "What would I like next?"
    history: Titles = []
    liked: Titles = []
    disliked: Titles = []
    person: PersonId | None = None
    k: Count = 5


class SearchRequest(Body):
    """A search; at least one of text, like, unlike, avoid and where."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"text": "a heist that goes wrong", "where": "from the nineties", "k": 5}]
        },
    )

    text: Annotated[str, Field(max_length=2000)] = ""
    like: Titles = []
    unlike: Titles = []
    avoid: Titles = []
    where: Annotated[str, Field(max_length=2000)] = ""
    k: Count = 10
    skip: Annotated[int, Field(ge=0, le=500)] = 0
    diversity: Annotated[float, Field(ge=0, le=1)] = 0.0


class EventIn(Body):
    """Something that a person did: in a conversation, or by itself for a person whose id you chose."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kind": "chosen", "item": "50", "person": "anna"}]}
    )

    kind: Literal["opened", "liked", "disliked", "chosen"]
    item: ItemId
    session: PersonId | None = None
    person: PersonId | None = None
    timestamp: Annotated[float, Field(ge=0, le=1e11, allow_inf_nan=False)] | None = None


class EventsIn(Body):
    """Up to a thousand events."""

    events: Annotated[list[EventIn], Field(min_length=1, max_length=MAX_EVENTS)]


class CardOut(BaseModel):
    """A recommended item; ``image`` and ``link`` are ``http`` or ``https`` addresses, "" where it has none."""

    id: str
    title: str
    reason: str
    score: float
    attributes: dict[str, Any]
    why: list[str]
    image: str = ""
    link: str = ""


class ReplyOut(BaseModel):
    """The answer to one message."""

    session: str
    message: str
    items: list[CardOut]
    question: str
    notes: list[str]
    usage: dict[str, Any]


class SessionOut(BaseModel):
    """A conversation as it stands."""

    session: str
    messages: list[dict[str, Any]]
    profile: dict[str, Any]
    items: list[CardOut]


class ErrorOut(BaseModel):
    """What went wrong: ``message`` is for a person, ``type`` for a program."""

    error: dict[str, Any] = Field(
        examples=[
            {
                "message": "k is 0; ask for at least one item",
                "type": "invalid_request_error",
                "code": "QueryError",
            }
        ]
    )
