"""Whose page it is: name, logo, colours, greeting, examples and what the items are called, from a TOML file."""

from __future__ import annotations

import base64
import re
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tastemaker.retrieval.errors import ConfigError

LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}
MAX_LOGO_BYTES = 200_000
COLOUR = r"^#[0-9a-fA-F]{6}$"

Colour = Annotated[str, Field(pattern=COLOUR)]


class Brand(BaseModel):
    """How a page presents itself; what is not said is Tastemaker's own.

    Attributes:
        name: in the masthead and the window's title.
        logo: file of a picture, beside the TOML; it becomes part of the page.
        accent, accent_dark: colours of buttons and marks, as ``#0f766e``, on light and on dark.
        greeting, hint: above the first message.
        examples: messages to begin with; made of the catalogue unless given.
        items: what the items are called, in the plural.
        card_fields: attributes on a card's front, in order; told from the catalogue unless given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=60)] = "Tastemaker"
    logo: str = ""
    accent: Colour | None = None
    accent_dark: Colour | None = None
    greeting: Annotated[str, Field(max_length=200)] = "What do you like?"
    hint: Annotated[str, Field(max_length=400)] = (
        "Pick a few titles, borrow somebody’s history, or just start typing below."
    )
    examples: Annotated[tuple[str, ...], Field(max_length=8)] = ()
    items: Annotated[str, Field(max_length=40)] = "titles"
    card_fields: tuple[str, ...] = ()

    @property
    def style(self) -> str:
        """Style rules for its colours; "" where it has none."""
        light = f":root{{--tm-accent:{self.accent}}}" if self.accent else ""
        dark = f".dark{{--tm-accent:{self.accent_dark}}}" if self.accent_dark else ""
        return light + dark


def read_brand(file: Path) -> Brand:
    """The ``[brand]`` table of a TOML file, with its logo read.

    Raises:
        ConfigError: the file, a value or the logo is not what it should be.
    """
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8")).get("brand", {})
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot read {file} ({error}); write a [brand] table with a name") from error
    try:
        brand = Brand.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigError(
            f"{file}: brand.{place}: {first['msg']}; allowed are {', '.join(Brand.model_fields)}"
        ) from error
    return brand.model_copy(update={"logo": _data_address(file.parent / brand.logo)}) if brand.logo else brand


def _data_address(file: Path) -> str:
    """A small picture as an address that holds it."""
    kind = LOGO_TYPES.get(file.suffix.casefold())
    if kind is None:
        raise ConfigError(f"logo {file.name!r}; give one of {', '.join(LOGO_TYPES)}")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot read the logo {file} ({error.strerror})") from error
    if len(content) > MAX_LOGO_BYTES:
        raise ConfigError(f"the logo {file} has {len(content):,} bytes; at most {MAX_LOGO_BYTES:,} are taken")
    if kind == LOGO_TYPES[".svg"] and not re.search(rb"<svg\b", content):
        raise ConfigError(f"the logo {file} is no SVG")
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
