"""What a reason cites: fields of catalogue items, each checked there before the reason is said; and a card's source."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pydantic import BaseModel, ConfigDict

from tastemaker.agent.events import Citation
from tastemaker.retrieval.catalog.catalog import Catalog, plain
from tastemaker.tools.candidates import Source


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


def source_in_words(source: Source) -> str:
    """A source of a card as people read it; one of a tool that is not ours by the tool's name.

    >>> source_in_words(Source("rank", {"model": "sasrec"}, 2))
    'number 2 of the ranking for your taste'
    >>> source_in_words(Source("similar", {"item": "Heat (1995)"}, 1))
    'number 1 of what is most like Heat (1995)'
    >>> source_in_words(Source("horoscope", {"sign": "leo"}, 3))
    'number 3 of what horoscope found'
    """
    by, item = source.arguments.get("by"), source.arguments.get("item")
    words = {
        "rank": f"the ranking for your taste{f' by {by}' if by else ''}",
        "retrieve": "what comes closest to your words",
        "suit": "what suits your whole request best",
        "named": "the titles that the language model thought of",
        "choose": "what the language model chose",
        "similar": f"what is most like {item}" if item else "what is most alike",
        "filter": "the most popular that meet your conditions",
        "conversation": "what people took after conversations like this",
    }
    return f"number {source.place} of {words.get(source.tool, f'what {source.tool} found')}"
