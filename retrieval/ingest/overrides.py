"""What a person says about their files where guessing goes wrong: a small TOML file.

::

    [items]
    id = "sku"
    title = "product_name"
    encoding = "latin-1"
    ignore = ["internal_notes"]
    [items.kinds]
    colour = "category"
    [items.separators]
    materials = "/"

    [interactions]
    user = "customer"
    item = "article"
    timestamp = "bought_at"
    rating = "points"
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tastemaker.retrieval.catalog.schema import Kind, nearest_of
from tastemaker.retrieval.errors import ConfigError


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    encoding: str = "utf-8"
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    ignore: tuple[str, ...] = ()


class ItemOverrides(_Section):
    """About the items' file: which column is what; everything unsaid is guessed."""

    id: str | None = None
    title: str | None = None
    kinds: dict[str, Kind] = {}
    separators: dict[str, str] = {}


class InteractionOverrides(_Section):
    """About the log's file: which column is what; everything unsaid is guessed."""

    user: str | None = None
    item: str | None = None
    timestamp: str | None = None
    rating: str | None = None


class Overrides(BaseModel):
    """Both sections."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: ItemOverrides = ItemOverrides()
    interactions: InteractionOverrides = InteractionOverrides()


def read_overrides(path: Path) -> Overrides:
    """Read an overrides file.

    Raises:
        ConfigError: no such file, bad TOML, or a setting that is not allowed.
    """
    try:
        return Overrides.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"overrides file {path} cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"overrides file {path} is no TOML: {error}") from None
    except ValidationError as error:
        raise ConfigError(f"overrides file {path}: {_first_fault(error)}") from None


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    place = [str(part) for part in fault["loc"]]
    if fault["type"] == "extra_forbidden":
        section = Overrides.model_fields.get(place[0]) if len(place) > 1 else None
        model = section.annotation if section else Overrides
        allowed = list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []
        return f"no setting {'.'.join(place)!r}; {nearest_of(place[-1], allowed)}"
    return f"{'.'.join(place)} = {fault['input']!r}: {fault['msg']}"
