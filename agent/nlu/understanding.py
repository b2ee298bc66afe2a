"""The typed forms through which a model is asked, and their JSON schemas for one catalogue.

A schema lists this catalogue's attributes and, for attributes of few values, the
values themselves as enums, so that constrained decoding cannot name what is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from tastemaker.agent.llm.json_schema import enum_shape, object_shape, text_shape, titled
from tastemaker.agent.memory.request import Critique, Preference, Scope
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import STATED, Kind
from tastemaker.retrieval.filters.aggregates import Aggregate
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.filters.constraints import Constraint

MAX_ENUM_VALUES = 40
"""Attributes with more distinct values are matched after the model has answered, not by the grammar."""


MAX_NAME, MAX_STEP_TEXT = 60, 100
"""Letters of a value, and of a sentence, that a model may write."""


class Act(StrEnum):
    """What a message does that is about the conversation."""

    COMPARE = "compare"
    WHY_NOT = "why_not"
    RECALL = "recall"
    RESTART = "restart"
    ACCEPT = "accept"
    ABOUT_US = "about_us"
    OFF_TOPIC = "off_topic"
    COMPLAIN = "complain"


class Relative(BaseModel):
    """A condition by comparison with items spoken of: newer than, not by the same.

    Attributes:
        field: an attribute of the catalogue.
        more: for numbers and dates: True for more or later, False for less or earlier.
        same: for values: True for one that the item has, False for none of them.
        first, last: where it stands in the message.
    """

    model_config = ConfigDict(frozen=True)

    field: str
    more: bool | None = None
    same: bool | None = None
    first: int = 0
    last: int = 0


class AggregateQuestion(BaseModel):
    """A question about many items, as far as the message alone says it.

    Attributes:
        aggregate: the question.
        same: attributes whose value must be that of the item last spoken of ("this director").
        left_out: words of the message that narrow it further and were not understood.
    """

    model_config = ConfigDict(frozen=True)

    aggregate: Aggregate
    same: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


class Intent(StrEnum):
    """What a message asks for."""

    RECOMMEND = "recommend"
    MORE = "more"
    QUESTION = "question"
    UNDO = "undo"
    REDO = "redo"
    CHAT = "chat"


class Sentiment(StrEnum):
    """How a person speaks of an item they name."""

    LIKED = "liked"
    DISLIKED = "disliked"
    SEEN = "seen"
    ASKED = "asked"


class Mention(BaseModel):
    """An item that the person speaks of: by a title, or by its place in the list shown last.

    Attributes:
        title: as the person wrote it; "" where a place is meant.
        place: from 1, -1 for the last; None where a title is meant.
        sentiment: how they speak of it.
    """

    model_config = ConfigDict(frozen=True)

    title: str = ""
    place: int | None = None
    sentiment: Sentiment = Sentiment.LIKED

    @property
    def text(self) -> str:
        """The title, or the place as ``#2``."""
        return self.title if self.place is None else f"#{self.place}"


class Understanding(BaseModel):
    """What one message says: the result of the understand step.

    Attributes:
        intent: what is asked for.
        mentions: titles as written, before they are resolved, and places in the last list.
        constraints: checked against the catalogue's schema.
        forget: attributes whose constraints are taken back.
        wish: what is wanted, in words, without the constraints and titles.
        asked: a question about many items; such a message changes nothing else.
        act: what it does that is about the conversation; likewise, but for a restart.
        relative: conditions by comparison with items spoken of.
        required: conditions that join attributes by and, or, not.
        scope: what it does to the standing request; None where it says nothing of one.
        other_person: whether it is asked for somebody else.
        prefer: what is wanted or unwanted, and not required.
        avoid: what is unwanted, in words.
        critiques: more or less of something than items shown or named.
        unknown: properties asked for that no attribute holds, in words.
        query: a text to search for, where the reader words one; otherwise ``wish`` is searched for.
        candidates: titles that the reader thinks of by itself.
        how_many: items asked for.
        whole: whether prefer, avoid, query and the like say the whole request, and not only what is new.
        refused: things turned down by words that are no value of the catalogue.
        unexplained: words of the wish that no condition or preference stands for.
        translated: whether query holds all that there is to search for, in the catalogue's language.
        by: who read the message: ``rules`` or the model's name.
    """

    model_config = ConfigDict(frozen=True)

    intent: Intent = Intent.RECOMMEND
    mentions: tuple[Mention, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    forget: tuple[str, ...] = ()
    wish: str = ""
    asked: AggregateQuestion | None = None
    act: Act | None = None
    relative: tuple[Relative, ...] = ()
    required: tuple[Condition, ...] = ()
    scope: Scope | None = None
    other_person: bool = False
    prefer: tuple[Preference, ...] = ()
    avoid: tuple[str, ...] = ()
    critiques: tuple[Critique, ...] = ()
    unknown: tuple[str, ...] = ()
    query: str = ""
    candidates: tuple[str, ...] = ()
    how_many: int | None = None
    whole: bool = False
    refused: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    translated: bool = False
    by: str = "rules"

    @property
    def searched(self) -> str:
        """The text to search for: the English of a message in another language, else the wish as written."""
        return self.query if self.translated else self.wish


def understanding_schema(catalog: Catalog) -> dict[str, Any]:
    """JSON schema of the form that the understand prompt asks for."""
    mention = _form(title={"type": "string"}, sentiment=enum_shape(Sentiment))
    return titled(
        "understanding",
        _form(
            intent={"enum": [str(intent) for intent in Intent if intent is not Intent.REDO]},
            mentions={"type": "array", "items": mention, "maxItems": 6},
            constraints={"type": "array", "items": {"anyOf": _constraint_shapes(catalog)}, "maxItems": 6},
            wish={"type": "string"},
        ),
    )


def reply_schema(n_items: int) -> dict[str, Any]:
    """JSON schema of the reply form: a lead-in, and one reason per item under its number."""
    reasons = {str(number): {"type": "string"} for number in range(1, n_items + 1)}
    return titled("reply", _form(lead={"type": "string"}, **reasons))


def order_schema(item_ids: Sequence[str], most: int) -> dict[str, Any]:
    """JSON schema of a list of at most so many of some items' ids, the best first."""
    ids = {"type": "array", "items": {"enum": list(item_ids)}, "minItems": 1, "maxItems": most}
    return titled("order", _form(best=ids))


def action_schema(catalog: Catalog, item_ids: Sequence[str], *, rank: bool = True) -> dict[str, Any]:
    """JSON schema of the next step of exploration, a union over the tools at hand.

    Args:
        catalog: its attributes can be filtered and ranked by.
        item_ids: candidates that others may be like; without any there is no such step.
        rank: whether a ranking by an attribute would count.
    """
    rankable = list(catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS, Kind.NUMBER, Kind.DATE))
    shapes = []
    if rankable and rank:
        shapes.append(_form(action={"const": "rank"}, by={"enum": rankable}))
    for name in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS):
        value = _value_of(catalog, name, text_shape(MAX_NAME))
        shapes.append(_form(action={"const": "filter"}, field={"const": name}, value=value))
    if item_ids:
        shapes.append(_form(action={"const": "similar"}, item={"enum": list(item_ids)}))
    shapes.append(_form(action={"const": "retrieve"}, text=text_shape(MAX_STEP_TEXT)))
    shapes.append(_form(action={"const": "finish"}, why=text_shape(MAX_STEP_TEXT)))
    return titled("action", _form(step={"anyOf": shapes}))


def _constraint_shapes(catalog: Catalog) -> list[dict[str, Any]]:
    shapes = []
    for name in catalog.schema.names(STATED):
        attribute = catalog.schema[name]
        field = {"const": attribute.name}
        if attribute.kind in (Kind.CATEGORY, Kind.TAGS):
            value = _value_of(catalog, attribute.name, {"type": "string"})
            shapes.append(_form(field=field, op={"enum": ["is", "is_not"]}, value=value))
        elif attribute.kind in (Kind.NUMBER, Kind.DATE):
            bounds = {"at_least": {"type": "integer"}, "at_most": {"type": "integer"}}
            shapes += [_form(field=field, **{name: bound}) for name, bound in bounds.items()]
            shapes.append(_form(field=field, **bounds))
    return shapes


def _value_of(catalog: Catalog, name: str, free: dict[str, Any]) -> dict[str, Any]:
    """The values of an attribute, or a free text where there are many."""
    values = catalog.values(name)
    return {"enum": values} if len(values) <= MAX_ENUM_VALUES else free


def _form(**properties: Any) -> dict[str, Any]:
    return object_shape(properties)
