"""A model for the length of one turn, with a budget of seconds, calls and tokens."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from tastemaker.agent.llm.answer_text import storable
from tastemaker.agent.llm.limits import Limits
from tastemaker.agent.llm.model import FormAnswer, LanguageModel, Messages, OptionScores
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.llm.wrapped_model import WrappedModel
from tastemaker.retrieval.errors import BudgetSpent


class BudgetedModel(WrappedModel):
    """Lets calls through while the turn may still spend; each gets the time that is left at most.

    Args:
        model: who is asked.
        limits: what the turn may spend.
        clock: seconds, for tests.
    """

    def __init__(
        self, model: LanguageModel, limits: Limits, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(model)
        self._limits = limits
        self._clock = clock
        self._began = clock()
        self._spent = Usage()
        self._calls = 0

    def complete(
        self, schema: dict[str, Any], messages: Messages, max_tokens: int, timeout: float | None = None
    ) -> FormAnswer:
        """As the model's.

        Raises:
            BudgetSpent: nothing is left of the turn's seconds, calls or tokens.
            ModelError: as the model's.
        """
        filled = super().complete(schema, messages, max_tokens, self._call_seconds(timeout))
        self._spent += filled.usage
        return replace(filled, value=storable(filled.value))

    def score_options(
        self, options: Sequence[str], messages: Messages, timeout: float | None = None
    ) -> OptionScores:
        """Likewise."""
        weighed = super().score_options(options, messages, self._call_seconds(timeout))
        self._spent += weighed.usage
        return weighed

    def _call_seconds(self, timeout: float | None) -> float:
        """The seconds that the next call may take."""
        left = self._remaining_seconds()
        self._calls += 1  # one that fails has been made all the same
        return min(left, self._limits.call_seconds, timeout or left)

    def _remaining_seconds(self) -> float:
        limits, used = self._limits, self._spent
        tokens = used.prompt_tokens - used.cached_tokens + used.completion_tokens
        left = limits.turn_seconds - (self._clock() - self._began)
        for what, spent, most in (
            ("seconds", limits.turn_seconds - left, limits.turn_seconds),
            ("calls", self._calls, limits.turn_calls),
            ("tokens", tokens, limits.turn_tokens),
        ):
            if spent >= most:
                raise BudgetSpent(
                    f"the turn has used up its {most:,.0f} {what} of {self.name}; raise Limits to allow more"
                )
        return left
