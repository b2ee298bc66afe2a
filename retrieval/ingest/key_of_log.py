"""By which of a catalogue's columns a log names the items, where that is not the one that looks like the id."""

from __future__ import annotations

from pathlib import Path

from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.cells import as_id
from tastemaker.retrieval.ingest.column_roles import user_column
from tastemaker.retrieval.ingest.infer_schema import Column, Inference
from tastemaker.retrieval.ingest.overrides import Overrides
from tastemaker.retrieval.ingest.tables import Table, open_source

SAMPLE = 5_000
ENOUGH = 0.9
"""Share of a log's rows that must name an item."""


def key_of_log(table: Table, inference: Inference, log: Path, overrides: Overrides | None) -> Column | None:
    """A column that the log names the items by, if the id does not do and another one does."""
    said = (overrides or Overrides()).interactions
    try:
        sample = open_source(log, said.form).sample(SAMPLE)
    except DataError:
        return None  # told when the log itself is read
    user = user_column(list(sample.columns))
    named = {said.item} if said.item else set(sample.columns) - {said.user or (user.name if user else None)}
    held = {
        name: [v for v in sample.columns[name] if v is not None] for name in named if name in sample.columns
    }
    several = {name: values for name, values in held.items() if _repeats(values)} or held

    def share(column: str) -> tuple[float, str]:
        ids = _ids(table, column)
        shares = [
            (sum(_id(value) in ids for value in values) / max(len(values), 1), name)
            for name, values in several.items()
        ]
        return max(shares, default=(0.0, ""))

    own = inference.of("id") or inference.of("title")
    if own is None or share(own)[0] >= ENOUGH:
        return None
    others = [name for name, values in table.columns.items() if name != own and _differ(values)]
    best = max(((*share(name), name) for name in others), default=(0.0, "", ""))
    if best[0] < ENOUGH:
        return None
    return Column(best[2], "id", f"the log's {best[1]} holds its values, and not those of {own}")


def _ids(table: Table, column: str) -> set[str]:
    return {_id(value) for value in table.columns[column]} - {""}


def _id(value: object) -> str:
    try:
        return as_id(value).removesuffix(".0")
    except ValueError:
        return ""


def _differ(values: list[object]) -> bool:
    known = [value for value in values if isinstance(value, str | int | float)]
    return len(known) == len(values) and len(set(map(str, known))) == len(known)


def _repeats(values: list[object]) -> bool:
    texts = [str(value) for value in values]
    return len(set(texts)) < len(texts)
