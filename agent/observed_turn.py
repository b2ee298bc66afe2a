"""Turns, calls of models and of tools as OpenTelemetry spans and as structured log lines, without anybody's words.

Spans have the names of OpenTelemetry's GenAI conventions (as of opentelemetry-semantic-conventions 0.66b2). They are
made only in a process that has OpenTelemetry's API loaded already: who set up an exporter has, nobody else pays.
Log lines go to the logger ``tastemaker.turns`` at level INFO, which is off unless somebody turns it on.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tastemaker.agent.events import Done, Event, Fallback, Started, ToolCalled
from tastemaker.agent.llm.model import FormAnswer, LanguageModel, Messages, OptionScores
from tastemaker.agent.llm.wrapped_model import WrappedModel
from tastemaker.agent.request_id import request_id

if TYPE_CHECKING:
    from opentelemetry.trace import Span

NAME = "tastemaker"
BILLION = 1_000_000_000
logger = logging.getLogger("tastemaker.turns")

PROVIDERS = {
    "azure_openai": "azure.ai.openai",
    "bedrock": "aws.bedrock",
    "google_genai": "gcp.gemini",
    "google_vertexai": "gcp.vertex_ai",
    "local": "llama.cpp",
    "mistralai": "mistral_ai",
    "xai": "x_ai",
}
"""Names of the conventions, where they differ from LangChain's."""


def provider_and_model(spec: str) -> tuple[str, str]:
    """The provider and the model that a specification names; of a chain, the first one asked.

    >>> provider_and_model("openai:gpt-4.1-mini > local:small"), provider_and_model("http://host/v1#qwen")
    (('openai', 'gpt-4.1-mini'), ('openai', 'qwen'))
    """
    first = spec.partition(" > ")[0]
    if first.startswith(("http://", "https://")):
        return "openai", first.partition("#")[2]  # the protocol that it speaks
    provider, _, model = first.rpartition(":")
    return PROVIDERS.get(provider, provider or "_OTHER"), model


class ObservedTurn:
    """What is told of one turn while it runs; made by :func:`observe_turn`."""

    def __init__(self, session: str) -> None:
        self.id = request_id()
        self.logs = logger.isEnabledFor(logging.INFO)
        self.session = session
        self._began = time.perf_counter()
        self._span = self._start("invoke_agent", NAME, {"gen_ai.agent.name": NAME}) if _traces() else None

    @property
    def is_observed(self) -> bool:
        """Whether anybody listens."""
        return self.logs or self._span is not None

    def see(self, event: Event) -> None:
        """Take in an event of the turn."""
        if not self.is_observed:
            return
        if isinstance(event, ToolCalled):
            self.call(
                "execute_tool",
                event.tool,
                event.seconds,
                {
                    "gen_ai.tool.name": event.tool,
                    "gen_ai.tool.type": "function",
                    "tastemaker.found": event.found,
                },
            )
        elif isinstance(event, Fallback) and event.model_failed:
            self._log("fallback", {"step": event.step, "error.type": event.error})
        elif isinstance(event, Started) and self._span is not None:
            self._span.set_attribute("tastemaker.effort", event.effort)
        elif isinstance(event, Done):
            used = event.reply.usage
            told = _tokens(used.prompt_tokens, used.completion_tokens, used.cached_tokens)
            told["tastemaker.items"] = len(event.reply.items)
            if self._span is not None:
                self._span.set_attributes(told)
            self._log("turn", {"seconds": round(time.perf_counter() - self._began, 4), **told})

    def call(
        self, operation: str, name: str, seconds: float, told: Mapping[str, Any], error: str = ""
    ) -> None:
        """Tell of a call that has just ended after ``seconds``."""
        if self._span is not None:
            ended = time.time_ns()
            span = self._start(operation, name, told, ended - int(seconds * BILLION))
            if error:
                _fail(span, error)
            span.end(ended)
        more = {"error.type": error} if error else {}
        self._log(operation, {"name": name, "seconds": round(seconds, 4), **told, **more})

    def end(self, error: str = "") -> None:
        """The turn is over."""
        if self._span is not None:
            if error:
                _fail(self._span, error)
            self._span.end()
        if error:
            self._log("turn", {"seconds": round(time.perf_counter() - self._began, 4), "error.type": error})

    def _start(self, operation: str, name: str, told: Mapping[str, Any], start: int | None = None) -> Span:
        from opentelemetry import trace

        parent = None if operation == "invoke_agent" else trace.set_span_in_context(self._own_span)
        kind = trace.SpanKind.CLIENT if operation == "chat" else trace.SpanKind.INTERNAL
        own = {
            "gen_ai.operation.name": operation,
            "gen_ai.conversation.id": self.session,
            "tastemaker.request.id": self.id,
        }
        return trace.get_tracer(NAME).start_span(
            f"{operation} {name}".rstrip(), parent, kind, {**own, **told}, start_time=start
        )

    @property
    def _own_span(self) -> Span:
        assert self._span is not None, "calls are told of while the turn has a span"  # noqa: S101
        return self._span

    def _log(self, what: str, told: Mapping[str, Any]) -> None:
        if self.logs:
            fields = {"event": what, "request": self.id, "session": self.session, **told}
            logger.info("%s %s", what, self.id, extra={"fields": fields})


class ObservedModel(WrappedModel):
    """Tells of every call of a turn, those that fail too.

    Args:
        model: who is asked.
        turn: whose calls they are.
    """

    def __init__(self, model: LanguageModel, turn: ObservedTurn) -> None:
        super().__init__(model)
        self._turn = turn
        self._provider, self._called = provider_and_model(model.name)

    def complete(
        self, schema: dict[str, Any], messages: Messages, max_tokens: int, timeout: float | None = None
    ) -> FormAnswer:
        """As the model's."""
        asked = {"gen_ai.request.max_tokens": max_tokens, "gen_ai.output.type": "json"}
        with self._report(asked) as told:
            filled = super().complete(schema, messages, max_tokens, timeout)
            told.update(_usage_of(filled))
        return filled

    def score_options(
        self, options: Sequence[str], messages: Messages, timeout: float | None = None
    ) -> OptionScores:
        """As the model's."""
        with self._report({"gen_ai.request.max_tokens": 1}) as told:
            weighed = super().score_options(options, messages, timeout)
            told.update(_usage_of(weighed))
        return weighed

    @contextmanager
    def _report(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        told = {"gen_ai.provider.name": self._provider, "gen_ai.request.model": self._called, **asked}
        began, error = time.perf_counter(), ""
        try:
            yield told
        except Exception as raised:
            error = type(raised).__name__
            raise
        finally:
            self._turn.call("chat", self._called, time.perf_counter() - began, told, error)


@contextmanager
def observe_turn(session: str) -> Iterator[ObservedTurn]:
    """A block in which a turn of a session runs; nothing is put into the context of whoever takes its events."""
    turn, error = ObservedTurn(session), ""
    try:
        yield turn
    except GeneratorExit:
        error = "stopped"
        raise
    except BaseException as raised:
        error = type(raised).__name__
        raise
    finally:
        turn.end(error)


def _traces() -> bool:
    """Whether this process has loaded OpenTelemetry's API: without it, nobody can have set up an exporter."""
    return "opentelemetry.trace" in sys.modules


def _fail(span: Span, error: str) -> None:
    from opentelemetry.trace import StatusCode

    span.set_attribute("error.type", error)
    span.set_status(StatusCode.ERROR)


def _usage_of(answer: FormAnswer | OptionScores) -> dict[str, Any]:
    used = answer.usage
    return _tokens(used.prompt_tokens, used.completion_tokens, used.cached_tokens)


def _tokens(prompt: int, answer: int, cached: int) -> dict[str, Any]:
    return {
        "gen_ai.usage.input_tokens": prompt,
        "gen_ai.usage.output_tokens": answer,
        "gen_ai.usage.cache_read.input_tokens": cached,
    }
