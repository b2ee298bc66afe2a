"""A model whose server this machine runs: where it dies it is started again, and calls fail at once meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tastemaker.agent.llm.fallback import ModelChain
from tastemaker.agent.llm.model import FormAnswer, LanguageModel, Messages, OptionScores
from tastemaker.agent.llm.wrapped_model import WrappedModel
from tastemaker.retrieval.errors import (
    ModelBusy,
    ModelResting,
    ModelTimeout,
    ModelUnreachable,
    TastemakerError,
)

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 15.0
"""Between a start that failed and the next."""


class RestartedModel(WrappedModel):
    """Starts its server in a thread of its own; nobody waits for it, rules answer until it is there.

    Args:
        name: how it is called, before it is there too.
        start: gives a model whose server runs; may take minutes.
        is_alive: whether the server that ``start`` gave last still runs; asked often.
        wait: start it now, and raise what goes wrong; else in the background.
        clock: seconds, for tests.

    Raises:
        TastemakerError: as ``start``, where it is waited for.
    """

    def __init__(
        self,
        name: str,
        start: Callable[[], LanguageModel],
        is_alive: Callable[[], bool],
        *,
        wait: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        # Not super().__init__: there may be no model yet.
        self._name, self._start, self._is_alive, self._clock = name, start, is_alive, clock
        self._lock, self._ready = threading.Lock(), threading.Event()
        self._running: LanguageModel | None = None
        self._starting = False
        self._not_before = -PAUSE_SECONDS
        self._reason = ""
        if wait:
            self._running = start()
            self._ready.set()
        else:
            self._begin()

    @property
    def name(self) -> str:
        """As given."""
        return self._name

    @property
    def opened(self) -> LanguageModel | None:
        """The model inside, if it was started."""
        return self._running

    @property
    def model(self) -> LanguageModel:
        """The model inside.

        Raises:
            ModelResting: its server is being started.
        """
        running = self._running
        if running is None or not self.check():
            raise ModelResting(self.away)
        return running

    @property
    def away(self) -> str:
        """Why nobody answers just now, "" while all is well."""
        if self._ready.is_set():
            return ""
        failed = f" ({self._reason})" if self._reason else ""
        return f"the server of {self._name} is being started{failed}"

    def check(self) -> bool:
        """Whether the server runs; one that has died is started again."""
        if self._ready.is_set() and self._is_alive():
            return True
        self._begin()
        return False

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the server runs; False where it took longer."""
        return self._ready.wait(seconds)

    def complete(
        self, schema: dict[str, Any], messages: Messages, max_tokens: int, timeout: float | None = None
    ) -> FormAnswer:
        """As the model's.

        Raises:
            ModelResting: its server is away, and is being started.
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
        """A call that found nobody starts the server again."""
        try:
            yield
        except (ModelResting, ModelTimeout, ModelBusy):
            raise
        except ModelUnreachable as error:
            self._begin()
            raise ModelResting(self.away or str(error)) from error

    def _begin(self) -> None:
        with self._lock:
            if self._starting or self._clock() < self._not_before:
                return
            self._starting = True
            self._ready.clear()
        threading.Thread(target=self._bring_up, name=f"start {self._name}", daemon=True).start()

    def _bring_up(self) -> None:
        try:
            self._running = self._start()
        except TastemakerError as error:
            logger.warning("%s does not start: %s", self._name, error)
            self._reason, self._not_before = str(error), self._clock() + PAUSE_SECONDS
        else:
            self._reason = ""
            self._ready.set()
        finally:
            self._starting = False


def restarted_models(model: LanguageModel | None) -> Iterator[RestartedModel]:
    """Those among a model, its fallbacks and what they are wrapped around that this machine runs."""
    if isinstance(model, ModelChain):
        for one in model.models:
            yield from restarted_models(one)
    elif isinstance(model, RestartedModel):
        yield model
    elif isinstance(model, WrappedModel):
        inside = model.opened
        if inside is not None:
            yield from restarted_models(inside)


def away(model: LanguageModel | None) -> str:
    """Why a model that this machine runs does not answer just now, "" while all is well; a dead one is started."""
    for one in restarted_models(model):
        if not one.check():
            return one.away
    return ""
