"""Access to a language model through typed forms: one small protocol, one LangChain adapter."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from tastemaker.agent.llm import quirks
from tastemaker.agent.llm.answer_text import storable
from tastemaker.agent.llm.api_keys import redact
from tastemaker.agent.llm.limits import Price
from tastemaker.agent.llm.quirks import FormWay, Way
from tastemaker.agent.llm.usage import Usage
from tastemaker.retrieval.errors import (
    ModelBusy,
    ModelError,
    ModelNonsense,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
    NoLogprobs,
)

if TYPE_CHECKING:
    import openai
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import RunnableConfig

# The providers' packages take seconds to import, and whoever goes by rules does without: they wait for a ChatModel.

Messages = Sequence[tuple[str, str]]
"""(role, text) pairs: system, user, assistant."""

MAX_LOGPROBS = 20
"""Tokens whose likelihood a server is asked for: OpenAI tells no more."""


@dataclass(frozen=True)
class Failure:
    """A model that was asked first and gave no usable answer; ``error`` names the error's class."""

    model: str
    error: str
    reason: str


@dataclass(frozen=True)
class FormAnswer:
    """A form that a model filled in, what it cost, and who failed to before it."""

    value: dict[str, Any]
    usage: Usage
    failed: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class OptionScores:
    """How likely each of several one-token answers is to a model, what that cost, and who failed before it.

    Attributes:
        logprobs: natural logarithm of each option's probability as the next token.
    """

    logprobs: Mapping[str, float]
    usage: Usage
    failed: tuple[Failure, ...] = ()


class LanguageModel(Protocol):
    """Anything that can fill a form and weigh answers of one token."""

    @property
    def name(self) -> str:
        """How the trace and the reports call it."""

    def complete(
        self, schema: dict[str, Any], messages: Messages, max_tokens: int, timeout: float | None = None
    ) -> FormAnswer:
        """Answer ``messages`` with a value of a JSON schema, within ``timeout`` seconds.

        Raises:
            ModelError: see the error tree.
        """

    def score_options(
        self, options: Sequence[str], messages: Messages, timeout: float | None = None
    ) -> OptionScores:
        """How likely each option, a single token such as a letter, is to be the answer.

        Raises:
            NoLogprobs: the server does not tell; :meth:`complete` may still be asked.
            ModelError: as :meth:`complete`.
        """


class ChatModel:
    """A LangChain chat model behind the form protocol.

    Args:
        name: the specification it was opened by.
        model: any chat model; its own retries should be off.
        price: of its tokens, where known.
    """

    def __init__(self, name: str, model: BaseChatModel, price: Price | None = None) -> None:
        from langchain_openai.chat_models.base import BaseChatOpenAI

        self._name = name
        self._model = model
        self._price = price
        self._way = quirks.way_of(name)
        self._speaks_openai = isinstance(model, BaseChatOpenAI)

    @property
    def name(self) -> str:
        """The specification it was opened by."""
        return self._name

    def complete(
        self, schema: dict[str, Any], messages: Messages, max_tokens: int, timeout: float | None = None
    ) -> FormAnswer:
        """One call with constrained output. Errors as in the protocol."""
        started = time.perf_counter()
        raw, value, error = self._call(schema, messages, max_tokens, timeout)
        if value is None:
            raise ModelNonsense(
                f"{self._name} did not fill in the {schema['title']} form: {error or 'no JSON object in the answer'}"
            )
        usage = _usage(raw.usage_metadata, time.perf_counter() - started)
        return FormAnswer(
            storable(value), usage.model_copy(update={"cost": self._price.of(usage) if self._price else 0.0})
        )

    def _call(
        self, schema: dict[str, Any], messages: Messages, max_tokens: int, timeout: float | None
    ) -> tuple[Any, dict[str, Any] | None, object]:
        """The raw message, the form in it and why there is none; in the best way that the server takes."""
        import openai

        with self._own_errors():
            while True:
                way = self._way
                try:
                    return self._ask(way, schema, messages, max_tokens, timeout)
                except openai.LengthFinishReasonError as error:
                    raise ModelNonsense(
                        f"{self._name} did not finish its answer in {max_tokens + way.room} tokens"
                    ) from error
                except (
                    openai.BadRequestError,
                    openai.UnprocessableEntityError,
                    NotImplementedError,
                    ValueError,
                ) as error:
                    other = quirks.step_down(way, _refusal(error), openai_protocol=self._speaks_openai)
                    if other is None:
                        raise
                    self._way = other

    def _ask(
        self, way: Way, schema: dict[str, Any], messages: Messages, max_tokens: int, timeout: float | None
    ) -> tuple[Any, dict[str, Any] | None, object]:
        from tastemaker.agent.llm.bounded_answers import TooLong

        model = quirks.prepared(self._model, way, max_tokens)
        heard: RunnableConfig = {"callbacks": [TooLong(max_tokens + way.room)]}
        limit: dict[str, Any] = {"timeout": timeout} if self._speaks_openai and timeout is not None else {}
        if way.form in (FormWay.JSON_SCHEMA, FormWay.TOOL):
            asked = model.with_structured_output(schema, method=way.form.value, include_raw=True, **limit)
            answer: Any = asked.invoke(quirks.with_cache_mark(model, messages), heard)
            raw, value, error = answer["raw"], answer["parsed"], answer.get("parsing_error")
        else:
            if way.form is FormWay.JSON_OBJECT:
                limit["response_format"] = {"type": "json_object"}
            told = quirks.with_schema_in_prompt(messages, schema)
            raw = model.invoke(quirks.with_cache_mark(model, told), heard, **limit)
            value, error = None, None
        if not isinstance(value, dict):  # a server that ignores the schema may still have filled in the form
            value = quirks.json_in(quirks.text_of(raw.content))
        return raw, value, error

    def score_options(
        self, options: Sequence[str], messages: Messages, timeout: float | None = None
    ) -> OptionScores:
        """One call of one token. Errors as in the protocol.

        An option that is not among the likeliest tokens gets the lowest likelihood told, the most it can have.
        """
        if not self._speaks_openai or self._way.room:
            raise NoLogprobs(f"{self._name} is asked through a provider that tells no log-probabilities")
        limit: dict[str, Any] = {} if timeout is None else {"timeout": timeout}
        started = time.perf_counter()
        with self._own_errors():
            asked = self._model.bind(logprobs=True, top_logprobs=MAX_LOGPROBS, max_tokens=1, **limit)
            answer = asked.invoke(list(messages))
        told = _first_token(answer.response_metadata.get("logprobs"))
        if told is None:
            raise NoLogprobs(f"{self._name} tells no log-probabilities")
        logprobs = _of_options(options, told)
        if not logprobs:
            raise ModelNonsense(f"{self._name} answered none of {', '.join(options)}, but {str(told)[:120]}")
        usage = _usage(answer.usage_metadata, time.perf_counter() - started)
        return OptionScores(
            logprobs, usage.model_copy(update={"cost": self._price.of(usage) if self._price else 0.0})
        )

    @contextmanager
    def _own_errors(self) -> Iterator[None]:
        """Every provider's errors as ours."""
        import openai
        from langchain_core.exceptions import OutputParserException

        try:
            yield
        except ModelError:
            raise
        except (openai.ContentFilterFinishReasonError, OutputParserException) as error:
            raise ModelNonsense(f"{self._name} broke off its answer: {line(error)}") from error
        except openai.APITimeoutError as error:
            raise ModelTimeout(
                f"{self._name} did not answer in time; use a smaller model, --effort fast, or --llm rules"
            ) from error
        except openai.APIConnectionError as error:
            raise ModelUnreachable(
                f"no answer from {self._name}: {line(error)}; run `tastemaker doctor`, or use --llm rules"
            ) from error
        except (openai.RateLimitError, openai.InternalServerError) as error:
            raise ModelBusy(
                f"{self._name} is busy or out of order: {line(error)}; try later, or give a --fallback",
                _retry_after(error),
            ) from error
        except openai.APIError as error:
            raise ModelRefused(
                f"{self._name} refused: {line(error)}; check the key and the model's name"
            ) from error
        except Exception as error:  # every provider has errors of its own; this is the boundary
            raise ModelError(f"{self._name} failed: {type(error).__name__}: {line(error)}") from error


def _first_token(logprobs: Any) -> dict[str, float] | None:
    """Token -> log-probability for the first place of an answer; None where the server tells nothing."""
    try:
        return {one["token"]: float(one["logprob"]) for one in logprobs["content"][0]["top_logprobs"]} or None
    except (KeyError, IndexError, TypeError):
        return None


def _of_options(options: Sequence[str], told: Mapping[str, float]) -> dict[str, float]:
    """The options' share of what was told, spaces aside; empty where no option is among it.

    >>> _of_options("AB", {"A": -1.0, "The": -3.0})
    {'A': -1.0, 'B': -3.0}
    """
    found: dict[str, list[float]] = {}
    for token, logprob in told.items():
        found.setdefault(token.strip(), []).append(logprob)
    if not any(option in found for option in options):
        return {}
    least = min(told.values())
    return {o: math.log(sum(map(math.exp, found[o]))) if o in found else least for o in options}


def _usage(metadata: Any, seconds: float) -> Usage:
    counts = metadata or {}
    return Usage(
        calls=1,
        prompt_tokens=counts.get("input_tokens", 0),
        completion_tokens=counts.get("output_tokens", 0),
        cached_tokens=(counts.get("input_token_details") or {}).get("cache_read") or 0,
        seconds=round(seconds, 4),
    )


def line(error: BaseException) -> str:
    """The error's text on one short line, with keys blotted out."""
    return storable(" ".join(redact(str(error)).split())[:300]) or type(error).__name__


def _refusal(error: Exception) -> str:
    """What a server said it does not know; of a method that a provider does not have, its name."""
    unknown_method = isinstance(error, NotImplementedError) or "method" in str(error)
    return f"{error} (structured output)" if unknown_method else str(error)


def _retry_after(error: openai.APIStatusError) -> float | None:
    """The seconds that a server asks to wait; None where it says nothing, gives a date, or no such number."""
    try:
        seconds = float(error.response.headers["retry-after"])
    except (KeyError, ValueError):
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
