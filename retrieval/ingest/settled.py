"""Everything that was decided about a person's files, written down so that a later build decides nothing again."""

from __future__ import annotations

import json
from typing import Any

from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.ingest.forms.dates import DateForm
from tastemaker.retrieval.ingest.forms.numbers import NumberForm
from tastemaker.retrieval.ingest.infer_schema import Column, Inference
from tastemaker.retrieval.ingest.overrides import InteractionOverrides, ItemOverrides, Overrides

ROLES = ("user", "item", "timestamp", "rating", "event")


def settled(said: Overrides, items: Inference, log: Inference | None) -> Overrides:
    """The overrides, with a line for every column that was inferred."""
    return Overrides(
        items=_settled_items(said.items, items),
        interactions=said.interactions if log is None else _settled_log(said.interactions, log),
    )


def _settled_items(said: ItemOverrides, inference: Inference) -> ItemOverrides:
    made: dict[str, dict[str, Any]] = {
        name: {} for name in ("kinds", "separators", "decimals", "dates", "units", "currencies")
    }
    ignore = list(said.ignore)
    for column in inference.columns:
        if column.source or column.name.startswith("unnamed ") or "from the end of" in column.why:
            continue  # inferred from others each time
        if column.becomes == "ignored":
            ignore += [column.name] if column.name not in ignore else []
        elif column.becomes in set(Kind):
            _settle_column(column, made)
    return said.model_copy(
        update={
            "id": inference.of("id") or inference.of("title"),
            "title": inference.of("title"),
            "ignore": tuple(ignore),
            **{name: {**values, **getattr(said, name)} for name, values in made.items()},
        }
    )


def _settle_column(column: Column, made: dict[str, dict[str, Any]]) -> None:
    name, form = column.name, column.form
    made["kinds"][name] = Kind(column.becomes)
    if column.separator is not None:
        made["separators"][name] = column.separator
    if isinstance(form, DateForm) and form.order != "YMD":
        made["dates"][name] = form.order
    if isinstance(form, NumberForm):
        for table, value in (("units", form.unit), ("currencies", form.currency)):
            if value:
                made[table][name] = value
        if form.decimal == ",":
            made["decimals"][name] = ","


def _settled_log(said: InteractionOverrides, log: Inference) -> InteractionOverrides:
    found = {role: log.of(role) for role in ROLES}
    form = next((column.form for column in log.columns if column.becomes == "timestamp"), None)
    order = form.order if isinstance(form, DateForm) and form.order != "YMD" else said.dates
    return said.model_copy(update={**found, "dates": order})


def to_toml(said: Overrides) -> str:
    """The overrides file that says the same.

    >>> print(to_toml(Overrides(items=ItemOverrides(id="sku", kinds={"my price": Kind.NUMBER}))), end="")
    [items]
    id = "sku"
    [items.kinds]
    "my price" = "number"
    """
    lines: list[str] = []
    for section in ("items", "interactions"):
        plain = getattr(said, section).model_dump(mode="json", exclude_defaults=True)
        tables = {name: value for name, value in plain.items() if isinstance(value, dict)}
        values = {name: value for name, value in plain.items() if name not in tables and value is not None}
        if not (values or tables):
            continue
        lines += [
            "",
            f"[{section}]",
            *(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()),
        ]
        for name, table in tables.items():
            lines.append(f"[{section}.{name}]")
            lines += [
                f"{_key(key)} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()
            ]
    return "\n".join(lines).lstrip("\n") + "\n"


def _key(name: str) -> str:
    bare = name.replace("_", "").replace("-", "")
    return name if bare.isascii() and bare.isalnum() else json.dumps(name, ensure_ascii=False)
