"""A model that is left alone for a while after it failed several times in a row."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tastemaker.agent.llm.model import FormAnswer, LanguageModel, Messages, OptionScores
from tastemaker.agent.llm.wrapped_model import WrappedModel
from tastemaker.retrieval.errors import ModelResting, ModelUnreachable


class CircuitBreaker(WrappedModel):
    """Spares people the wait for a server that is down: the calls of all sessions count together.

    After ``failures`` calls in a row that found nobody, calls fail at once for ``rest_seconds``.
    Then one call is let through; if it succeeds all is well again, otherwise the rest begins anew.

    Args:
        model: the model to guard.
        failures: how many calls in a row.
        rest_seconds: how long it is left alone.
        clock: seconds, for tests.
    """

    def __init__(
        self,
        model: LanguageModel,
        failures: int,
        rest_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(model)
        self._most = failures
        self._rest = rest_seconds
        self._clock = clock
        self._failed = 0
        self._closed_until = 0.0
        self._lock = threading.Lock()

    def complete(
        self, schema: dict[str, Any], messages: Messages, max_tokens: int, timeout: float | None = None
    ) -> FormAnswer:
        """As the model's.

        Raises:
            ModelResting: it is left alone for now.
            ModelError: as the model's.
        """
        with self._watch():
            return super().complete(schema, messages, max_tokens, timeout)

    def score_options(
        self, options: Sequence[str], messages: Messages, timeout: float | None = None
    ) -> OptionScores:
        """Likewise."""
        with self._watch():
            return super().score_options(options, messages, timeout)

    @contextmanager
    def _watch(self) -> Iterator[None]:
        """Let a call through, or not, and count what becomes of it."""
        self._enter()
        try:
            yield
        except ModelResting:
            raise  # its server is being started, and says so at once: there is nothing to spare anybody
        except ModelUnreachable:
            self._count_failure()
            raise
        except BaseException:
            self._reset()  # whoever refuses or talks nonsense is there
            raise
        self._reset()

    def _enter(self) -> None:
        with self._lock:
            left = self._closed_until - self._clock()
            if self._failed >= self._most:
                if left > 0:
                    raise ModelResting(
                        f"{self.name} did not answer {self._failed} times in a row;"
                        f" it is asked again in {left:.0f} s"
                    )
                self._closed_until = self._clock() + self._rest  # others wait for the outcome of this one

    def _count_failure(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._most:
                self._closed_until = self._clock() + self._rest

    def _reset(self) -> None:
        with self._lock:
            self._failed = 0
