"""What a reason cites: fields of items in the catalogue, each checked there before the reason is said."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pydantic import BaseModel, ConfigDict

from tastemaker.agent.events import Citation
from tastemaker.retrieval.catalog.catalog import Catalog, plain


class Clause(BaseModel):
    """A part of a reason, and all that it cites."""

    model_config = ConfigDict(frozen=True)

    text: str
    cites: tuple[Citation, ...] = ()


def borne_out(clause: Clause, catalog: Catalog, known: Collection[str]) -> bool:
    """Whether a clause has words, and every value that it cites stands in its item's field and in its words.

    Args:
        clause: what would be said.
        catalog: where the values must stand.
        known: ids of the item shown and of the person's profile; others may not be cited.
    """
    return bool(clause.text) and all(
        cite.item in known
        and cite.value.casefold() in clause.text.casefold()
        and cite.value.casefold() in {str(value).casefold() for value in _values_of(cite, catalog)}
        for cite in clause.cites
    )


def cite_values(item_id: str, field: str, values: Iterable[object]) -> tuple[Citation, ...]:
    """Citations of several values of one field."""
    return tuple(Citation(item=item_id, field=field, value=str(value)) for value in values)


def _values_of(cite: Citation, catalog: Catalog) -> Iterable[object]:
    item = catalog[cite.item]
    if cite.field == "title":
        return (item.title,)
    value = plain(item.attributes[cite.field]) if cite.field in item.attributes else []
    return value if isinstance(value, list) else (value,)
