"""Published results as files: which model, which settings, on what data, by which command."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError


class Measured(BaseModel):
    """What a config's command gave, on the test items with those seen before left out.

    Attributes:
        result: name of the file under ``evals/results`` that holds all figures.
        hr: HR@10.
        ndcg: NDCG@10.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    result: str
    hr: float = Field(ge=0, le=1)
    ndcg: float = Field(ge=0, le=1)


class FrozenConfig(BaseModel):
    """One model's settings, fixed so that its figures can be had again.

    Attributes:
        model: name of the recommender.
        paper: where it comes from, and the figures published there.
        data: what it is trained and tested on.
        format: how the file of that data is written; None for the data of a workspace, ``study`` where a
            study of its own reads it.
        command: what reproduces the figures.
        measured: the figures.
        seed: of the training.
        settings: values of the model's config that differ from its defaults.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    paper: str
    data: str
    format: str | None = None
    command: str
    measured: Measured | None = None
    seed: int = 0
    settings: dict[str, object] = Field(default_factory=dict)


def frozen_configs() -> list[str]:
    """Names of the configs that come with the package."""
    folder = files("tastemaker.recommenders") / "configs"
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


def read_frozen_config(name: str) -> FrozenConfig:
    """A config by the name of one that comes with the package, or by its path.

    Raises:
        ConfigError: no such config, or a file that is none.
    """
    if name in frozen_configs():
        text = (files("tastemaker.recommenders") / "configs" / f"{name}.toml").read_text(encoding="utf-8")
    elif Path(name).is_file():
        text = Path(name).read_text(encoding="utf-8")
    else:
        raise ConfigError(f"no config {name!r}; {nearest_of(name, frozen_configs())}, or the path of a file")
    try:
        return FrozenConfig.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ConfigError(f"config {name!r} is not one: {' '.join(str(error).split())}") from error
