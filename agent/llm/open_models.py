"""From a specification such as ``local`` or ``openai:gpt-4.1-mini`` to a model that can be asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from tastemaker.agent.llm.api_keys import key_for
from tastemaker.agent.llm.circuit_breaker import CircuitBreaker
from tastemaker.agent.llm.fallback import LazyModel, ModelChain
from tastemaker.agent.llm.limits import DEFAULT_LIMITS, Limits, Price
from tastemaker.agent.llm.model import ChatModel, LanguageModel, line
from tastemaker.agent.llm.restarted import RestartedModel
from tastemaker.agent.llm.retry import RetryingModel
from tastemaker.agent.llm.time_limit import TimeLimitedModel
from tastemaker.retrieval.errors import ConfigError, ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LOCAL_MODEL = "qwen2.5-coder-1.5b"
RULES = "rules"
NO_PRICES: Mapping[str, Price] = MappingProxyType({})


def open_models(
    spec: str,
    fallbacks: Sequence[str] = (),
    limits: Limits = DEFAULT_LIMITS,
    prices: Mapping[str, Price] = NO_PRICES,
    *,
    wait: bool = True,
) -> LanguageModel | None:
    """A model, guarded by a time limit, retries and a circuit breaker, and those to ask where it fails.

    Args:
        spec: the model that is asked first, see :func:`open_model`; opened at once.
        fallbacks: further ones, in order, opened when first needed. Behind the last the
            turn goes on by rules, whether ``rules`` is named or not.
        limits: for the retries and the breaker.
        prices: by specification.
        wait: for the embedded server to be up; else it starts in the background, and calls fail until then.

    Raises:
        ConfigError: a malformed specification, or a model named behind ``rules``.
        ModelError: the first model could not be opened, and there is no fallback.
    """
    named = _models_of((spec, *fallbacks))
    if not named:
        return None
    models = [LazyModel(one, lambda one=one: _open(one, prices.get(one), wait)) for one in named]  # type: ignore[misc]
    try:
        models[0].open()
    except ModelError:
        if not fallbacks:
            raise
    guarded = [_guard(model, limits) for model in models]
    return guarded[0] if len(guarded) == 1 else ModelChain(guarded)


def open_model(spec: str, price: Price | None = None) -> LanguageModel | None:
    """The model a specification names, unguarded; None for ``rules``.

    ``local`` is the embedded one (started when needed), ``http://host/v1#model`` any server
    with the OpenAI protocol, ``openai:MODEL``, ``ollama:MODEL`` and so on whatever
    LangChain's ``init_chat_model`` knows.

    Raises:
        ConfigError: the specification is malformed, or its provider package is not installed.
        ModelUnreachable: the embedded server did not start.
    """
    named = _models_of((spec,))
    return _open(spec, price, True) if named else None


def _models_of(specs: Sequence[str]) -> list[str]:
    """The specifications without ``rules``, which may only stand last."""
    for place, spec in enumerate(specs):
        if spec == RULES and place < len(specs) - 1:
            raise ConfigError(f"{specs[place + 1]!r} comes after rules, which never fail; leave it out")
        _check(spec)
    if len(set(specs)) < len(specs):
        raise ConfigError(f"a model is named twice in {', '.join(specs)}; name each once")
    return [spec for spec in specs if spec != RULES]


def _check(spec: str) -> None:
    if re.match(r"https?://", spec):
        if not spec.partition("#")[2]:
            raise ConfigError(f"--llm {spec!r} names no model; write {spec.partition('#')[0]}#MODEL")
    elif spec not in (RULES, "local") and not spec.partition(":")[2]:
        raise ConfigError(
            f"--llm {spec!r} is not known; allowed: rules, local, http://host/v1#MODEL, or PROVIDER:MODEL"
            " such as openai:gpt-4.1-mini or ollama:qwen3"
        )


def _guard(model: LanguageModel, limits: Limits) -> LanguageModel:
    limited = TimeLimitedModel(model, limits.call_seconds)
    retrying = RetryingModel(limited, limits.attempts)
    return CircuitBreaker(retrying, limits.breaker_failures, limits.breaker_seconds)


def _open(spec: str, price: Price | None, wait: bool) -> LanguageModel:
    if spec == "local" or spec.startswith("local:"):
        return _open_local(spec.partition(":")[2] or LOCAL_MODEL, wait)
    if re.match(r"https?://", spec):
        url, _, model = spec.partition("#")
        return ChatModel(spec, _openai_compatible(url, model, key_for(url)), price)
    return ChatModel(spec, _of_provider(spec), price)


def _open_local(model: str, wait: bool) -> LanguageModel:
    from tastemaker.agent.llm.local_server import LocalServer, ensure_local_server, is_alive
    from tastemaker.retrieval.fetch.model_files import check_chat_model

    check_chat_model(model)
    servers: list[LocalServer] = []

    def start() -> LanguageModel:
        server = ensure_local_server(model)
        servers[:] = [server]
        return ChatModel(f"local:{model}", _openai_compatible(server.base_url, model, server.api_key))

    return RestartedModel(f"local:{model}", start, lambda: is_alive(servers[0]), wait=wait)


def _openai_compatible(url: str, model: str, key: str) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    from tastemaker.agent.llm.bounded_answers import bounded_client

    return init_chat_model(
        model,
        model_provider="openai",
        http_client=bounded_client(),
        base_url=url,
        api_key=key,
        temperature=0,
        timeout=DEFAULT_LIMITS.call_seconds,
        max_retries=0,
        use_responses_api=False,
    )


def _of_provider(spec: str) -> BaseChatModel:
    import openai
    from langchain.chat_models import init_chat_model

    provider, _, model = spec.partition(":")
    try:
        return init_chat_model(
            model, model_provider=provider, timeout=DEFAULT_LIMITS.call_seconds, max_retries=0
        )
    except ImportError as error:
        raise ConfigError(f"--llm {spec!r}: {line(error)}") from error
    except (openai.OpenAIError, ValueError) as error:
        raise ConfigError(
            f"--llm {spec!r}: {line(error)}; set the provider's key, or use --llm local"
        ) from error
