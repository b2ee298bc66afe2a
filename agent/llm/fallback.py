"""Several models as one: the next is asked where one fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from tastemaker.agent.llm.model import Failure, FormAnswer, LanguageModel, Messages, OptionScores
from tastemaker.agent.llm.wrapped_model import WrappedModel
from tastemaker.retrieval.errors import BudgetSpent, ModelError, ModelUnreachable, NoLogprobs, TastemakerError

Answered = TypeVar("Answered", FormAnswer, OptionScores)


class ModelChain:
    """Asks its models in order until one answers; the answer says who failed before it.

    Args:
        models: at least one, the preferred first.
    """

    def __init__(self, models: Sequence[LanguageModel]) -> None:
        self._models = tuple(models)

    @property
    def models(self) -> tuple[LanguageModel, ...]:
        """Its models, in order."""
        return self._models

    @property
    def name(self) -> str:
        """All names, in order."""
        return " > ".join(model.name for model in self._models)

    def complete(
        self, schema: dict[str, Any], messages: Messages, max_tokens: int, timeout: float | None = None
    ) -> FormAnswer:
        """The first answer that comes; each model gets an equal share of the time that is left.

        Raises:
            ModelError: the last model's, when all have failed.
        """
        return self._first(lambda model, left: model.complete(schema, messages, max_tokens, left), timeout)

    def score_options(
        self, options: Sequence[str], messages: Messages, timeout: float | None = None
    ) -> OptionScores:
        """Likewise. A model that does not tell likelihoods is well: the next is not asked in its place."""
        return self._first(lambda model, left: model.score_options(options, messages, left), timeout)

    def _first(
        self, ask: Callable[[LanguageModel, float | None], Answered], timeout: float | None
    ) -> Answered:
        failed: list[Failure] = []
        began = time.monotonic()
        for place, model in enumerate(self._models):
            try:
                answered = ask(model, _share(timeout, began, len(self._models) - place))
            except (BudgetSpent, NoLogprobs):
                raise
            except ModelError as error:
                failed.append(Failure(model.name, type(error).__name__, str(error)))
                last = error
            else:
                return _after(failed, answered)
        raise last


def _share(timeout: float | None, began: float, models: int) -> float | None:
    """The seconds that the next of some models may take, so that those behind it get their turn."""
    return None if timeout is None else max(0.0, timeout - (time.monotonic() - began)) / models


def _after(failed: Sequence[Failure], answered: Answered) -> Answered:
    return replace(answered, failed=(*failed, *answered.failed))


class LazyModel(WrappedModel):
    """A model that is opened when it is first asked: a fallback costs nothing until it is needed.

    Args:
        name: how it is called until then and afterwards.
        open_: gives the model; what goes wrong there counts as a model that can't be reached.
    """

    def __init__(self, name: str, open_: Callable[[], LanguageModel]) -> None:
        # Not super().__init__: there is no model yet.
        self._name = name
        self._open = open_
        self._opened: LanguageModel | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """As given."""
        return self._name

    @property
    def model(self) -> LanguageModel:
        """The model inside; the first call opens it.

        Raises:
            ModelUnreachable: it can't be opened.
        """
        try:
            return self.open()
        except ModelError:
            raise
        except TastemakerError as error:
            raise ModelUnreachable(str(error)) from error

    @property
    def opened(self) -> LanguageModel | None:
        """The model inside, if it was opened."""
        return self._opened

    def open(self) -> LanguageModel:
        """Open it now.

        Raises:
            TastemakerError: as whoever opens it.
        """
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            return self._opened
