"""What servers and models of different makers want otherwise, in one place.

A model is asked in the best :class:`Way` first: a form under a JSON schema, a temperature of zero. What its
name tells is known from the start (reasoning models take no temperature and need room to think); the rest
is learned when a server refuses a request and names what it does not know: the way is stepped down once,
the call is made again, and the way is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

ROOM_TO_THINK = 4000
"""Tokens that a reasoning model may use before its answer, besides those of the answer."""
EFFORT = "low"
"""How long a reasoning model thinks where that can be said: the forms are small."""

_REASONING = re.compile(
    r"(?:^|[#:/])(?:o[1345](?:-|$)|gpt-5|gpt-oss|grok-(?:3-mini|4)|magistral)|"
    r"deepseek-(?:r1|reasoner)|qwq|-thinking|-reasoning",
    re.IGNORECASE,
)
_TAKES_EFFORT = re.compile(
    r"(?:^|[#:/])(?:o[1345](?:-(?!mini-2024)|$)|gpt-5|gpt-oss|grok-3-mini)", re.IGNORECASE
)
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|$)", re.DOTALL | re.IGNORECASE)
_LIMITS = ("max_tokens", "max_output_tokens", "num_predict")
"""What LangChain's models call the bound of an answer."""


class FormWay(StrEnum):
    """How a model is made to answer in a form, the surest first."""

    JSON_SCHEMA = "json_schema"
    TOOL = "function_calling"
    JSON_OBJECT = "json_object"
    PLAIN = "plain"


@dataclass(frozen=True)
class Way:
    """How one model is asked.

    Attributes:
        form: what holds its answer to the form.
        temperature: whether a temperature may be given.
        effort: how long it thinks, "" where that cannot be said.
        room: tokens on top of those of the answer.
    """

    form: FormWay = FormWay.JSON_SCHEMA
    temperature: bool = True
    effort: str = ""
    room: int = 0


def way_of(name: str) -> Way:
    """The way to ask a model by what its name tells.

    >>> way_of("openai:gpt-4.1-mini") == Way(), way_of("openai:gpt-5-mini").effort, way_of("openai:o3").temperature
    (True, 'low', False)
    """
    if not _REASONING.search(name):
        return Way()
    takes_effort = bool(_TAKES_EFFORT.search(name))
    return Way(temperature=False, effort=EFFORT if takes_effort else "", room=ROOM_TO_THINK)


def step_down(way: Way, refusal: str, *, openai_protocol: bool) -> Way | None:
    """The way to ask after a refusal, None where the refusal names nothing that could be left out.

    >>> step_down(Way(), "Unsupported value: 'temperature' does not support 0.0", openai_protocol=True).temperature
    False
    >>> step_down(Way(), "response_format type json_schema is not supported", openai_protocol=True).form.value
    'json_object'
    >>> step_down(Way(), "invalid api key", openai_protocol=True)
    """
    text = refusal.casefold()
    if "temperature" in text and way.temperature:
        return replace(way, temperature=False)
    if "reasoning" in text and way.effort:
        return replace(way, effort="")
    told = ("response_format", "json_schema", "json_object", "json schema", "structured", "schema", "grammar")
    if any(word in text for word in told):
        return next_form(way, openai_protocol=openai_protocol)
    return None


def next_form(way: Way, *, openai_protocol: bool) -> Way | None:
    """The next surest way to a form; None behind the last."""
    order = [FormWay.JSON_SCHEMA, FormWay.JSON_OBJECT if openai_protocol else FormWay.TOOL, FormWay.PLAIN]
    place = order.index(way.form)
    return replace(way, form=order[place + 1]) if place + 1 < len(order) else None


def prepared(model: BaseChatModel, way: Way, max_tokens: int) -> BaseChatModel:
    """The model with what the way says set on it, as far as its class has that.

    A provider's own default may be too small for an answer, so the bound is set under whatever name it has.
    """
    from langchain_openai.chat_models.base import BaseChatOpenAI

    fields = type(model).model_fields
    changes: dict[str, Any] = {}
    for name in _LIMITS:
        if name in fields:
            changes[name] = max_tokens + way.room
            break
    if not way.temperature and "temperature" in fields:
        changes["temperature"] = None
    if way.effort and isinstance(model, BaseChatOpenAI):
        changes["reasoning_effort"] = way.effort
    return model.model_copy(update=changes)


def with_cache_mark(model: BaseChatModel, messages: Sequence[tuple[str, str]]) -> list[Any]:
    """The messages, the stable first one marked for a provider's cache where it wants a mark.

    Others keep a prefix by themselves.
    """
    if type(model).__name__ != "ChatAnthropic" or not messages or messages[0][0] != "system":
        return list(messages)
    block = {"type": "text", "text": messages[0][1], "cache_control": {"type": "ephemeral"}}
    return [("system", [block]), *messages[1:]]


def with_schema_in_prompt(
    messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """The messages with the form's schema told in words, for servers that do not hold an answer to one."""
    told = f"Answer with one JSON object and nothing else, valid for this JSON schema:\n{json.dumps(schema)}"
    if messages and messages[0][0] == "system":
        return [("system", f"{messages[0][1]}\n\n{told}"), *messages[1:]]
    return [("system", told), *messages]


def json_in(text: str) -> dict[str, Any] | None:
    """The JSON object in an answer: thoughts, code fences and chatter around it aside; None without one.

    >>> json_in('<think>{"a": 1}? no</think>Sure!\\n```json\\n{"a": {"b": "}"}}\\n``` there')
    {'a': {'b': '}'}}
    >>> json_in("I'd rather not.")
    """
    text = _THOUGHT.sub("", text)
    decoder = json.JSONDecoder()
    at = text.find("{")
    while at >= 0:
        try:
            value, _ = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            return value
        at = text.find("{", at + 1)
    return None


def text_of(content: object) -> str:
    """The text of a message, whose content may be a list of blocks."""
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    texts = (
        one if isinstance(one, str) else one.get("text", "") for one in blocks if isinstance(one, str | dict)
    )
    return "".join(map(str, texts))
