"""Access to a language model through typed forms: one small protocol, one LangChain adapter."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import openai
from langchain.chat_models import init_chat_model
from langchain_core.exceptions import OutputParserException
from langchain_core.language_models import BaseChatModel
from langchain_openai.chat_models.base import BaseChatOpenAI

from tastemaker.agent.usage import Usage
from tastemaker.retrieval.errors import ConfigError, ModelError, ModelNonsense, ModelRefused, ModelUnreachable

TIMEOUT_SECONDS = 120.0
"""How long one call may take: the embedded model on two busy cores needs most of it at worst."""

LOCAL_MODEL = "qwen2.5-coder-1.5b"
RULES = "rules"

Messages = Sequence[tuple[str, str]]
"""(role, text) pairs: system, user, assistant."""


@dataclass(frozen=True)
class Filled:
    """A form that a model filled in, and what it cost."""

    value: dict[str, Any]
    usage: Usage


class LanguageModel(Protocol):
    """Anything that can fill a form."""

    @property
    def name(self) -> str:
        """How the trace and the reports call it."""

    def fill(self, schema: dict[str, Any], messages: Messages, max_tokens: int) -> Filled:
        """Answer ``messages`` with a value of a JSON schema.

        Raises:
            ModelUnreachable, ModelRefused, ModelNonsense: see the error tree.
        """


class ChatModel:
    """A LangChain chat model behind the form protocol."""

    def __init__(self, name: str, model: BaseChatModel) -> None:
        self._name = name
        self._model = model

    @property
    def name(self) -> str:
        """The specification it was opened by."""
        return self._name

    def fill(self, schema: dict[str, Any], messages: Messages, max_tokens: int) -> Filled:
        """One call with constrained output. Errors as in the protocol."""
        started = time.perf_counter()
        answer = self._call(schema, messages, max_tokens)
        raw, value = answer["raw"], answer["parsed"]
        if not isinstance(value, dict):
            reason = answer.get("parsing_error") or "no JSON object in the answer"
            raise ModelNonsense(f"{self._name} did not fill in the {schema['title']} form: {reason}")
        return Filled(value, _usage(raw.usage_metadata, time.perf_counter() - started))

    def _call(self, schema: dict[str, Any], messages: Messages, max_tokens: int) -> dict[str, Any]:
        # Other providers name this limit otherwise; there the grammar and the timeout bound the answer.
        limit = {"max_tokens": max_tokens} if isinstance(self._model, BaseChatOpenAI) else {}
        try:
            asked = self._model.with_structured_output(
                schema, method="json_schema", include_raw=True, **limit
            )
            return asked.invoke(list(messages))  # type: ignore[return-value]
        except openai.LengthFinishReasonError as error:
            raise ModelNonsense(f"{self._name} did not finish its answer in {max_tokens} tokens") from error
        except (openai.ContentFilterFinishReasonError, OutputParserException) as error:
            raise ModelNonsense(f"{self._name} broke off its answer: {_line(error)}") from error
        except (openai.APIConnectionError, openai.APITimeoutError, openai.InternalServerError) as error:
            raise ModelUnreachable(
                f"no answer from {self._name}: {_line(error)}; run `tastemaker doctor`, or use --llm rules"
            ) from error
        except openai.APIError as error:
            raise ModelRefused(
                f"{self._name} refused: {_line(error)}; check the key and the model's name"
            ) from error
        except Exception as error:  # every provider has errors of its own; this is the boundary
            raise ModelError(f"{self._name} failed: {type(error).__name__}: {_line(error)}") from error


def open_model(spec: str) -> LanguageModel | None:
    """The model a specification names; None for ``rules``.

    ``local`` is the embedded one (started when needed), ``http://host/v1#model`` any server
    with the OpenAI protocol, ``openai:MODEL``, ``ollama:MODEL`` and so on whatever
    LangChain's ``init_chat_model`` knows.

    Raises:
        ConfigError: the specification is malformed, or its provider package is not installed.
        ModelUnreachable: the embedded server did not start.
    """
    if spec == RULES:
        return None
    if spec == "local" or spec.startswith("local:"):
        return _open_local(spec.partition(":")[2] or LOCAL_MODEL)
    if re.match(r"https?://", spec):
        return _open_url(spec)
    return _open_provider(spec)


def _open_local(model: str) -> LanguageModel:
    from tastemaker.agent.local_server import ensure_local_server

    server = ensure_local_server(model)
    return ChatModel(f"local:{model}", _openai_compatible(server.base_url, model, server.api_key))


def _open_url(spec: str) -> LanguageModel:
    url, _, model = spec.partition("#")
    if not model:
        raise ConfigError(f"--llm {spec!r} names no model; write {url}#MODEL")
    return ChatModel(spec, _openai_compatible(url, model, os.environ.get("OPENAI_API_KEY", "none")))


def _openai_compatible(url: str, model: str, key: str) -> BaseChatModel:
    return init_chat_model(
        model,
        model_provider="openai",
        base_url=url,
        api_key=key,
        temperature=0,
        timeout=TIMEOUT_SECONDS,
        max_retries=1,
        use_responses_api=False,
    )


def _open_provider(spec: str) -> LanguageModel:
    provider, _, model = spec.partition(":")
    if not model:
        raise ConfigError(
            f"--llm {spec!r} is not known; allowed: rules, local, http://host/v1#MODEL, or PROVIDER:MODEL"
            " such as openai:gpt-4.1-mini or ollama:qwen3"
        )
    try:
        chat = init_chat_model(model, model_provider=provider, timeout=TIMEOUT_SECONDS, max_retries=1)
    except ImportError as error:
        raise ConfigError(f"--llm {spec!r}: {_line(error)}") from error
    except (openai.OpenAIError, ValueError) as error:
        raise ConfigError(
            f"--llm {spec!r}: {_line(error)}; set the provider's key, or use --llm local"
        ) from error
    return ChatModel(spec, chat)


def _usage(metadata: Any, seconds: float) -> Usage:
    counts = metadata or {}
    return Usage(
        calls=1,
        prompt_tokens=counts.get("input_tokens", 0),
        completion_tokens=counts.get("output_tokens", 0),
        cached_tokens=(counts.get("input_token_details") or {}).get("cache_read") or 0,
        seconds=round(seconds, 4),
    )


def _line(error: BaseException) -> str:
    """The error's text on one short line, with anything that looks like a key blotted out."""
    text = re.sub(r"\b(sk|key|Bearer)[-_ ][A-Za-z0-9*_-]{6,}", "[key]", str(error))
    return " ".join(text.split())[:300] or type(error).__name__
