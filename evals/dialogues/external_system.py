"""Other people's systems on the same rows: a Python callable, or an endpoint with the OpenAI protocol and tools."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import openai

from tastemaker import prompts
from tastemaker.evals.dialogues.case import DialogueCase, Names
from tastemaker.evals.dialogues.model_system import resolve_titles
from tastemaker.evals.dialogues.system import Answer
from tastemaker.retrieval.errors import ConfigError, QueryError
from tastemaker.retrieval.search.request import Search
from tastemaker.tools.tool_context import ToolContext

Callee = Callable[[dict[str, Any]], Any]

MAX_CALLS = 4
"""Rounds of tool calls before an endpoint must answer."""

MAX_FOUND = 20
"""Titles of one search."""

SEARCH_TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "search",
        "description": "Find items of the catalogue by what they are about. Returns exact titles.",
        "parameters": {
            "type": "object",
            "properties": {
                "text": {"type": "string"},
                "k": {"type": "integer", "minimum": 1, "maximum": MAX_FOUND},
            },
            "required": ["text"],
        },
    },
}
ANSWER_TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "answer",
        "description": "Give the final list, the best first.",
        "parameters": {
            "type": "object",
            "properties": {"titles": {"type": "array", "items": {"type": "string"}}},
            "required": ["titles"],
        },
    },
}


class CallableSystem:
    """A function that takes ``{"context": [...], "mentioned": [titles], "k": n}`` and returns titles or ids.

    It may return ``{"items": [...], "text": "..."}`` as well. Names are taken strictly: an exact
    id or title; what is neither counts as outside the catalogue.
    """

    def __init__(self, function: Callee, names: Names, titles: Mapping[str, str], k: int = 50) -> None:
        self._function, self._names, self._titles, self._k = function, names, titles, k

    def answer(self, case: DialogueCase) -> Answer:
        """What the function says; any error of its own is the caller's to count."""
        told = self._function(
            {
                "context": [{"speaker": one.speaker, "text": one.text} for one in case.context],
                "mentioned": [self._titles[i] for i in case.mentioned],
                "k": self._k,
            }
        )
        named = told["items"] if isinstance(told, Mapping) else told
        text = str(told.get("text", "")) if isinstance(told, Mapping) else None
        items, outside = _split(named, self._names)
        return Answer(items, outside, text=text)


def load_callable(spec: str) -> Callee:
    """The function that ``module:function`` names.

    Raises:
        ConfigError: no such module or function.
    """
    module, _, name = spec.partition(":")
    try:
        function: Callee = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f"no callable {spec!r} ({error}); give module:function, importable from here"
        ) from None
    if not callable(function):
        raise ConfigError(f"{spec!r} is {type(function).__name__}, not callable")
    return function


def model_of(spec: str) -> str:
    """The model in ``http://host/v1#MODEL``.

    Raises:
        ConfigError: it names none.
    """
    if model := spec.partition("#")[2]:
        return model
    raise ConfigError(f"{spec!r} names no model; write http://host/v1#MODEL")


class EndpointSystem:
    """A model behind ``http://host/v1#MODEL`` that is given our search as a tool and must answer with titles.

    The key is taken from ``OPENAI_API_KEY``.
    """

    def __init__(self, spec: str, tool_context: ToolContext) -> None:
        self._model = model_of(spec)
        url = spec.partition("#")[0]
        self._client = openai.OpenAI(base_url=url, api_key=os.environ.get("OPENAI_API_KEY", "none"))
        self._tool_context = tool_context

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def answer(self, case: DialogueCase) -> Answer:
        """Its final list; a conversation of at most ``MAX_CALLS`` rounds of tools.

        Raises:
            openai.OpenAIError: the endpoint does not answer.
        """
        said = "\n".join(f"{one.speaker}: {one.text}" for one in case.context if one.text.strip())
        messages: list[Any] = [
            {"role": "system", "content": prompts.load("endpoint_with_tools").text},
            {"role": "user", "content": prompts.fence("conversation", said or "seeker: hello")},
        ]
        usage = {"calls": 0, "prompt_tokens": 0, "completion_tokens": 0}
        for round_ in range(MAX_CALLS + 1):
            tools = [SEARCH_TOOL, ANSWER_TOOL] if round_ < MAX_CALLS else [ANSWER_TOOL]
            done = self._client.chat.completions.create(model=self._model, messages=messages, tools=tools)  # type: ignore[arg-type]
            usage["calls"] += 1
            if done.usage:
                usage["prompt_tokens"] += done.usage.prompt_tokens
                usage["completion_tokens"] += done.usage.completion_tokens
            said_now = done.choices[0].message
            if not said_now.tool_calls:
                return resolve_titles(
                    _lines(said_now.content or ""), self._tool_context.resolver, dict(usage)
                )
            messages.append(said_now.model_dump(exclude_none=True))
            for call in said_now.tool_calls:
                done_with, told = self._call(call.function.name, call.function.arguments)  # type: ignore[union-attr]
                if done_with is not None:
                    return resolve_titles(done_with, self._tool_context.resolver, dict(usage))
                messages.append({"role": "tool", "tool_call_id": call.id, "content": told})
        return Answer((), usage=dict(usage))

    def _call(self, name: str, arguments: str) -> tuple[list[str] | None, str]:
        """The final list where the model gives it, and what a tool says; a malformed call is told to the model."""
        try:
            given = json.loads(arguments or "{}")
            if name == "answer":
                return [str(title) for title in given["titles"]], ""
            if name != "search":
                return None, f"error: no tool {name!r}; there are search and answer"
            k = min(MAX_FOUND, int(given.get("k", MAX_FOUND // 2)))
            found = self._tool_context.retriever.search(Search(str(given["text"]), k=k))
            return None, json.dumps([hit.title for hit in found.hits], ensure_ascii=False)
        except (QueryError, ValueError, TypeError, KeyError, AttributeError) as error:
            return None, f"error: {type(error).__name__}: {error}"


def _lines(text: str) -> list[str]:
    """Titles of a plain list: bullets, numbers and bold marks aside.

    >>> _lines("Sure!\\n1. **Heat (1995)**\\n- Alien (1979)")
    ['Heat (1995)', 'Alien (1979)']
    """
    marked = [
        line.strip() for line in text.splitlines() if line.strip()[:1] in "-*•0123456789" and line.strip()
    ]
    return [line.lstrip("-*•0123456789.) ").strip("* ").strip() for line in marked]


def _split(named: Iterable[Any], names: Names) -> tuple[tuple[str, ...], tuple[str, ...]]:
    told = [str(name) for name in named]
    return names.ids(told), tuple(name for name in told if names.id(name) is None)
