"""A model that is asked again when its server is away or busy."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    stop_never,
    wait_random_exponential,
)

from tastemaker.agent.llm.model import FormAnswer, LanguageModel, Messages, OptionScores
from tastemaker.agent.llm.wrapped_model import WrappedModel
from tastemaker.retrieval.errors import ModelBusy, ModelResting, ModelTimeout, ModelUnreachable

FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0
Answered = TypeVar("Answered")

_backoff = wait_random_exponential(multiplier=FIRST_WAIT, max=LONGEST_WAIT)


class RetryingModel(WrappedModel):
    """Asks up to ``attempts`` times, after waits that grow and are drawn at random.

    The draw keeps many turns that failed together from coming back together. Where a
    busy server says how long to wait, that is the least. A call that timed out has
    cost its time already and is not tried again; neither is a refusal or nonsense.
    """

    def __init__(self, model: LanguageModel, attempts: int) -> None:
        super().__init__(model)
        self._attempts = attempts

    def complete(
        self, schema: dict[str, Any], messages: Messages, max_tokens: int, timeout: float | None = None
    ) -> FormAnswer:
        """As the model's, perhaps later. ``timeout`` is for all attempts and the waits between them."""
        ask = super().complete
        return self._try(lambda left: ask(schema, messages, max_tokens, left), timeout)

    def score_options(
        self, options: Sequence[str], messages: Messages, timeout: float | None = None
    ) -> OptionScores:
        """Likewise."""
        ask = super().score_options
        return self._try(lambda left: ask(options, messages, left), timeout)

    def _try(self, ask: Callable[[float | None], Answered], timeout: float | None) -> Answered:
        """Ask until it answers, each time within what is left of the time."""
        began = time.monotonic()
        retrying = Retrying(
            stop=stop_after_attempt(self._attempts) | (stop_before_delay(timeout) if timeout else stop_never),
            wait=_wait,
            retry=retry_if_exception(_may_pass),
            reraise=True,
        )
        return retrying(
            lambda: ask(None if timeout is None else max(0.0, timeout - (time.monotonic() - began)))
        )


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, ModelUnreachable) and not isinstance(error, ModelTimeout | ModelResting)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, ModelBusy) and error.retry_after else 0.0
    return min(max(asked, _backoff(state)), LONGEST_WAIT)
