"""Settings of a model out of a person's values, and what to say when they don't fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from tastemaker.retrieval.errors import ConfigError

Config = TypeVar("Config", bound=BaseModel)


def check_settings(kind: type[Config], name: str, values: Mapping[str, object] | None) -> Config:
    """The config with these values and, for the rest, its defaults.

    Args:
        kind: the model's config class.
        name: of the model, for the message.
        values: those that differ from the defaults.

    Raises:
        ConfigError: a setting that the model does not have, or a value it can't take.
    """
    try:
        return kind.model_validate(values or {})
    except ValidationError as error:
        raise ConfigError(f"settings of {name}: {one_line(error)}") from error


def one_line(error: Exception) -> str:
    """What an error says, without line breaks; of a wrong config, each field with its fault."""
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    return " ".join(str(error).split())
