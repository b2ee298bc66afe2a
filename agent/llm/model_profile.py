"""What a language model's reading, order, named titles and words are worth: measured, or assumed by its class.

A model that nobody measured is *capable* or *small* by its name. A capable one counts fully: it leads the
reading, its order is the order, its titles are candidates, its words are checked and used. A small one
only points to facts for reasons, and counts for nothing else until ``tastemaker calibrate`` has measured it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Self

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tastemaker.retrieval.errors import ConfigError

FILE = "model_profiles.json"
SMALL_BELOW = 7.0
"""Billions of parameters; a model whose name says fewer is small."""

_SIZE = re.compile(r"(?<![a-z0-9.])(?:(\d+)x)?(\d+(?:\.\d+)?)(b|m)(?![a-z0-9])", re.IGNORECASE)


class ModelSize(StrEnum):
    """The two classes that decide what an unmeasured model counts."""

    CAPABLE = "capable"
    SMALL = "small"


class ModelProfile(BaseModel):
    """What a model counts in a turn.

    Attributes:
        size: its class.
        leads: whether its reading of a message goes before that of the rules.
        reads: whether it reads and looks around under the eye of the rules, where it does not lead.
        order: what its order of candidates counts, 0 (nothing) to 1 (its list first, then the rest).
        titles: what the titles that it names count among candidates, 0 to 1.
        words: whether it writes free prose, which is checked sentence by sentence.
        measured: figures that these rest on; empty where they are assumed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: ModelSize
    leads: bool
    reads: bool = False
    order: float = Field(ge=0)
    titles: float = Field(ge=0, le=1)
    words: bool
    measured: Mapping[str, Any] = Field(default_factory=dict)

    @classmethod
    def assumed(cls, size: ModelSize) -> Self:
        """That of a model that nobody measured."""
        capable = size is ModelSize.CAPABLE
        return cls(size=size, leads=capable, order=float(capable), titles=float(capable), words=capable)

    @property
    def chooses(self) -> bool:
        """Whether the model may order candidates, with reasons."""
        return self.leads and self.order > 0


NO_MODEL = ModelProfile.assumed(ModelSize.SMALL)


def size_by_name(name: str) -> ModelSize:
    """The class that a model's name tells: small where it says few parameters, or is the embedded one.

    >>> [size_by_name(n).value for n in ("local:qwen2.5-coder-1.5b", "openai:gpt-4.1-mini", "ollama:llama3.2:3b")]
    ['small', 'capable', 'small']
    >>> [size_by_name(n).value for n in ("http://host/v1#Qwen3-30B-A3B", "groq:mixtral-8x7b", "smollm2-135m")]
    ['capable', 'capable', 'small']
    """
    model = name.partition("#")[2] or name
    if model.partition(":")[0] == "local":
        return ModelSize.SMALL
    sizes = [
        float(times or 1) * float(number) * (1.0 if unit in "bB" else 0.001)
        for times, number, unit in _SIZE.findall(model)
    ]
    return ModelSize.SMALL if sizes and max(sizes) < SMALL_BELOW else ModelSize.CAPABLE


def profile_of(name: str, size: ModelSize | None = None, file: Path | None = None) -> ModelProfile:
    """The profile of a model; of a chain, that of the model asked first.

    Args:
        name: the specification it was opened by.
        size: its class, where somebody said so; a measured profile goes before it.
        file: further measured profiles, which go before the shipped ones.

    Raises:
        ConfigError: the file holds no profiles.
    """
    first = name.partition(" > ")[0]
    measured = {**shipped_profiles(), **(read_profiles(file) if file else {})}
    return measured.get(first) or ModelProfile.assumed(size or size_by_name(first))


def stays_capable(name: str, failures: int) -> bool:
    """Whether the model of a chain that answered after so many had failed leads as well.

    >>> stays_capable("openai:gpt-4.1 > local", 0), stays_capable("openai:gpt-4.1 > local", 1)
    (True, False)
    """
    if not failures:
        return True
    return profile_of(" > ".join(name.split(" > ")[failures:])).leads


def own_profiles() -> Path:
    """Where profiles measured on this machine are kept: ``$TASTEMAKER_MODELS``, or in the user's settings."""
    chosen = os.environ.get("TASTEMAKER_MODELS")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return Path(platformdirs.user_config_dir("tastemaker", appauthor=False)) / "models.json"


@cache
def shipped_profiles() -> Mapping[str, ModelProfile]:
    """Profiles that were measured for this version, by model name."""
    return _parse((resources.files(__package__) / FILE).read_text(encoding="utf-8"), FILE)


def read_profiles(file: Path) -> Mapping[str, ModelProfile]:
    """Measured profiles by model name; none where there is no such file.

    Raises:
        ConfigError: it holds something else.
    """
    return _parse(file.read_text(encoding="utf-8"), str(file)) if file.exists() else {}


def profiles_as_json(profiles: Mapping[str, ModelProfile]) -> str:
    """What a file of profiles holds, as text."""
    told = {name: profile.model_dump(mode="json") for name, profile in sorted(profiles.items())}
    return json.dumps(told, indent=1) + "\n"


def _parse(text: str, where: str) -> Mapping[str, ModelProfile]:
    try:
        return {name: ModelProfile.model_validate(told) for name, told in json.loads(text).items()}
    except (AttributeError, ValueError, ValidationError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ConfigError(
            f"{where} holds no model profiles ({reason}); run `tastemaker calibrate` to write one"
        ) from error
