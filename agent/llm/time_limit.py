"""A model whose calls end when their time is over, whatever its server does.

A client's own limit is for each read: a server that sends a byte a second never breaks it. Here the limit is
wall-clock time over the whole call, opening the model included.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from tastemaker.agent.llm.model import FormAnswer, LanguageModel, Messages, OptionScores
from tastemaker.agent.llm.wrapped_model import WrappedModel
from tastemaker.retrieval.errors import ModelTimeout

Answered = TypeVar("Answered")


class TimeLimitedModel(WrappedModel):
    """Gives up on a call after its time; the call itself ends in a thread of its own, unheard.

    Args:
        model: who is asked.
        seconds: the limit where a call names none.
    """

    def __init__(self, model: LanguageModel, seconds: float) -> None:
        super().__init__(model)
        self._seconds = seconds

    def complete(
        self, schema: dict[str, Any], messages: Messages, max_tokens: int, timeout: float | None = None
    ) -> FormAnswer:
        """As the model's.

        Raises:
            ModelTimeout: the time is over.
            ModelError: as the model's.
        """
        seconds = self._seconds if timeout is None else timeout
        ask = super().complete
        return self._within(seconds, lambda: ask(schema, messages, max_tokens, seconds))

    def score_options(
        self, options: Sequence[str], messages: Messages, timeout: float | None = None
    ) -> OptionScores:
        """Likewise."""
        seconds = self._seconds if timeout is None else timeout
        ask = super().score_options
        return self._within(seconds, lambda: ask(options, messages, seconds))

    def _within(self, seconds: float, ask: Callable[[], Answered]) -> Answered:
        answers, errors = list[Answered](), list[BaseException]()

        def call() -> None:
            try:
                answers.append(ask())
            except BaseException as error:  # noqa: BLE001 - it is raised where the caller waits
                errors.append(error)

        thread = threading.Thread(target=contextvars.copy_context().run, args=(call,), daemon=True)
        thread.start()
        thread.join(seconds)
        if answers:
            return answers[0]
        if errors:
            raise errors[0]
        raise ModelTimeout(
            f"{self.name} did not answer in time ({seconds:,.1f} s); use a smaller model, --effort fast, or --llm rules"
        )
