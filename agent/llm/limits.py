"""What a turn may ask of a language model, and what a model's tokens cost."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tastemaker.agent.llm.usage import Usage
from tastemaker.retrieval.errors import ConfigError

MILLION = 1_000_000


class Limits(BaseModel):
    """Where asking a model ends; the turn then goes on without it.

    Attributes:
        call_seconds: for one call. The embedded model on two busy cores needs most of it at worst.
        turn_seconds: for all calls of a turn together, waiting for a retry included.
        turn_calls: calls in a turn.
        turn_tokens: prompt and answer tokens in a turn; cached ones are not counted.
        attempts: tries of a call whose server is away or busy; a call that timed out is not tried again.
        breaker_failures: calls in a row that found nobody, after which a model is left alone.
        breaker_seconds: for how long.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    call_seconds: float = Field(default=120.0, gt=0)
    turn_seconds: float = Field(default=180.0, gt=0)
    turn_calls: int = Field(default=12, ge=1)
    turn_tokens: int = Field(default=40_000, ge=1)
    attempts: int = Field(default=3, ge=1)
    breaker_failures: int = Field(default=3, ge=1)
    breaker_seconds: float = Field(default=30.0, ge=0)


DEFAULT_LIMITS = Limits()


class Price(BaseModel):
    """What a million tokens cost; without a price of their own, cached tokens cost what others do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: float = Field(ge=0)
    output: float = Field(ge=0)
    cached: float | None = Field(default=None, ge=0)

    def of(self, usage: Usage) -> float:
        """The cost of some calls.

        >>> Price(input=2, output=8, cached=0.5).of(
        ...     Usage(prompt_tokens=1_000_000, cached_tokens=400_000, completion_tokens=500_000))
        5.4
        """
        cached = self.input if self.cached is None else self.cached
        fresh = usage.prompt_tokens - usage.cached_tokens
        return (fresh * self.input + usage.cached_tokens * cached + usage.completion_tokens * self.output) / (
            MILLION
        )


def read_prices(path: Path) -> Mapping[str, Price]:
    """Prices by model out of a TOML file: ``["openai:gpt-4.1-mini"]``, ``input = 0.4``, ``output = 1.6``.

    Raises:
        ConfigError: no such file, no TOML, or a table that is no price.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: Price.model_validate(table) for name, table in tables.items()}
    except (OSError, ValidationError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ConfigError(
            f"{path} holds no prices ({reason}); write a table per model, as in"
            ' ["openai:gpt-4.1-mini"] with input, output and perhaps cached per million tokens'
        ) from error
