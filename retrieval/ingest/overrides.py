"""What a person says about their files where guessing goes wrong: a small TOML file.

::

    [items]
    id = "sku"
    title = "product_name"
    encoding = "latin-1"
    delimiter = ";"
    columns = ["sku", "product_name", "colour"]   # names, where the file has no header line
    sheet = "Products"                            # of an Excel file
    ignore = ["internal_notes"]
    [items.kinds]
    colour = "category"                           # category, tags, number, date, boolean or text
    [items.separators]
    materials = "/"
    [items.decimals]
    price = ","                                   # the decimal mark
    [items.dates]
    added = "DMY"                                 # or MDY, YMD
    [items.units]
    weight = "kg"
    [items.currencies]
    price = "EUR"

    [interactions]
    user = "customer"
    item = "article"
    timestamp = "bought_at"
    rating = "points"
    event = "action"
    like_from = 4                                 # ratings from here on are likes
    dislike_to = 2                                # and up to here dislikes
    dates = "DMY"
    [interactions.events]
    add_to_cart = "like"                          # like, neutral or dislike
    [interactions.context]
    companion = "with_whom"                       # what was known of the moment, and the column that holds it
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tastemaker.retrieval.catalog.schema import Kind, nearest_of
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.ingest.infer_schema import Said
from tastemaker.retrieval.ingest.tables import Form

DateOrder = Literal["DMY", "MDY", "YMD"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    columns: tuple[str, ...] = ()
    sheet: str | None = None
    ignore: tuple[str, ...] = ()

    @property
    def form(self) -> Form:
        """How the file is written, as far as it is said."""
        return Form(self.encoding, self.delimiter, self.columns, self.sheet)


class ItemOverrides(_Section):
    """About the items' file: which column is what; everything unsaid is guessed."""

    id: str | None = None
    title: str | None = None
    kinds: dict[str, Kind] = {}
    separators: dict[str, str] = {}
    decimals: dict[str, Literal[".", ","]] = {}
    dates: dict[str, DateOrder] = {}
    units: dict[str, str] = {}
    currencies: dict[str, str] = {}

    def of(self, name: str) -> Said:
        """What is said of one column."""
        return Said(
            kind=self.kinds.get(name),
            separator=self.separators.get(name),
            decimal=self.decimals.get(name),
            dates=self.dates.get(name),
            unit=self.units.get(name, ""),
            currency=self.currencies.get(name, "").upper(),
        )

    def named(self) -> tuple[str, ...]:
        """Every column that something is said of, but for id and title."""
        tables = (self.kinds, self.separators, self.decimals, self.dates, self.units, self.currencies)
        return (*self.ignore, *(name for table in tables for name in table))


class InteractionOverrides(_Section):
    """About the log's file: which column is what; everything unsaid is guessed."""

    user: str | None = None
    item: str | None = None
    timestamp: str | None = None
    rating: str | None = None
    event: str | None = None
    events: dict[str, Literal["like", "neutral", "dislike"]] = {}
    like_from: float | None = None
    dislike_to: float | None = None
    dates: DateOrder | None = None
    context: dict[str, str] = {}


class Overrides(BaseModel):
    """Both sections."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: ItemOverrides = ItemOverrides()
    interactions: InteractionOverrides = InteractionOverrides()


def said_in(path: Path | None, encoding: str | None = None, delimiter: str | None = None) -> Overrides:
    """An overrides file, if there is one, with an encoding and a delimiter for both files where it says none.

    Raises:
        ConfigError: as :func:`read_overrides`, or a delimiter of more than one character.
    """
    said = read_overrides(path) if path else Overrides()
    delimiter = "\t" if delimiter in ("\\t", "tab") else delimiter
    if delimiter is not None and len(delimiter) != 1:
        raise ConfigError(f"--delimiter {delimiter!r}: write one character, or tab")
    both = {name: value for name, value in (("encoding", encoding), ("delimiter", delimiter)) if value}
    items, log = said.items, said.interactions
    return said.model_copy(
        update={
            "items": items.model_copy(update={k: v for k, v in both.items() if getattr(items, k) is None}),
            "interactions": log.model_copy(update={k: v for k, v in both.items() if getattr(log, k) is None}),
        }
    )


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
