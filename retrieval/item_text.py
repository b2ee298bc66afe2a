"""What an item is about, as one short text for embedding and lexical search."""

from __future__ import annotations

from tastemaker.retrieval.catalog import Catalog, Item, plain
from tastemaker.retrieval.schema import Kind, Schema, Value


def item_text(item: Item, schema: Schema) -> str:
    """Title, then ``name: value`` for each short attribute, then the text attributes as sentences.

    The schema's order decides, so equal items give equal texts. Missing values leave no trace.

    >>> from tastemaker.retrieval.schema import Attribute
    >>> schema = Schema(attributes=(
    ...     Attribute(name="premise", kind=Kind.TEXT), Attribute(name="genres", kind=Kind.TAGS)))
    >>> heat = Item("1", "Heat", {"premise": "A thief and a detective", "genres": ("Crime", "Thriller")})
    >>> item_text(heat, schema)
    'Heat. genres: Crime, Thriller. A thief and a detective.'
    """
    known = [(name, item.attributes[name]) for name in schema.names() if name in item.attributes]
    texts = set(schema.of_kind(Kind.TEXT))
    short = [f"{name}: {_shown(value)}" for name, value in known if name not in texts]
    long = [_shown(value) for name, value in known if name in texts]
    return " ".join(_sentence(part) for part in (_one_line(item.title), *short, *long) if part)


def item_texts(catalog: Catalog) -> list[str]:
    """Texts of all items, in row order."""
    return [item_text(item, catalog.schema) for item in catalog]


def _shown(value: Value) -> str:
    simple = plain(value)
    return ", ".join(_one_line(tag) for tag in simple) if isinstance(simple, list) else _one_line(str(simple))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
