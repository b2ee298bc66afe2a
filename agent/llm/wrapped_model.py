"""A model around another one: each guard changes what it must and passes the rest on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tastemaker.agent.llm.model import FormAnswer, LanguageModel, Messages, OptionScores


class WrappedModel(LanguageModel):
    """Asks the model inside and changes nothing; a guard overrides what it changes.

    Args:
        model: who is asked.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    @property
    def model(self) -> LanguageModel:
        """The model inside; a guard that opens it late does so here."""
        return self._model

    @property
    def opened(self) -> LanguageModel | None:
        """The model inside; None where it is still to be opened."""
        return self._model

    @property
    def name(self) -> str:
        """The name of the model inside."""
        return self.model.name

    def complete(
        self, schema: dict[str, Any], messages: Messages, max_tokens: int, timeout: float | None = None
    ) -> FormAnswer:
        """As the model inside, errors too."""
        return self.model.complete(schema, messages, max_tokens, timeout)

    def score_options(
        self, options: Sequence[str], messages: Messages, timeout: float | None = None
    ) -> OptionScores:
        """As the model inside, errors too."""
        return self.model.score_options(options, messages, timeout)
