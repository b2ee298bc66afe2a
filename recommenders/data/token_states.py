"""Item texts as key-value pairs, token by token, read by the lower layers of a language model once and for all.

A MiniLM is read layer by layer. Any other embedder has no layers: there a token is a word, and its state the word's
vector.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import stated_attributes
from tastemaker.retrieval.catalog.schema import Kind, Schema
from tastemaker.retrieval.index.bert_encoder import BertEncoder
from tastemaker.retrieval.index.embedder import TextEmbedder

PADDING, FRAME, KEY, VALUE = range(4)
"""Kinds of tokens; the frame opens and closes a text."""

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class TokenStates:
    """Texts of n items, t tokens each.

    Attributes:
        states: float16[n, t, d].
        kinds: int8[n, t].
    """

    states: npt.NDArray[np.float16]
    kinds: npt.NDArray[np.int8]


def item_pairs(item: Item, schema: Schema) -> Pairs:
    """What the catalogue itself says of an item: its title, then its categories, tags and texts.

    >>> from tastemaker.retrieval.catalog.schema import Attribute
    >>> schema = Schema(attributes=(Attribute(name="genres", kind=Kind.TAGS),))
    >>> item_pairs(Item("1", "Heat", {"genres": ("crime", "thriller")}), schema)
    [('title', 'Heat'), ('genres', 'crime, thriller')]
    """
    stated = stated_attributes(schema)
    names = [name for name in schema.of_kind(Kind.CATEGORY, Kind.TAGS, Kind.TEXT) if name in stated]
    said = [(name, ", ".join(as_tags(item.attributes[name]))) for name in names if name in item.attributes]
    return [("title", item.title), *said]


def catalog_tokens(
    catalog: Catalog, embedder: TextEmbedder, most: int, last: int, rows: Sequence[int] | None = None
) -> TokenStates:
    """Tokens of these rows, or of all items.

    Args:
        catalog: the items.
        embedder: the language model.
        most: tokens of an item; the rest is cut off.
        last: layers that are left for others to read.
    """
    items = [*catalog] if rows is None else [catalog[catalog.ids[row]] for row in rows]
    return token_states([item_pairs(item, catalog.schema) for item in items], embedder, most, last)


def token_states(texts: Sequence[Pairs], embedder: TextEmbedder, most: int, last: int) -> TokenStates:
    """Tokens of texts of key-value pairs; see :func:`catalog_tokens`."""
    bert = language_model(embedder)
    read = [
        _of_words(pairs, embedder, most) if bert is None else _of_layers(pairs, bert, most, last)
        for pairs in texts
    ]
    width = read[0][0].shape[1] if read else 0
    states = np.zeros((len(read), most, width), np.float16)
    kinds = np.full((len(read), most), PADDING, np.int8)
    for place, (own, kind) in enumerate(read):
        states[place, : len(own)], kinds[place, : len(own)] = own, kind
    return TokenStates(states, kinds)


def language_model(embedder: TextEmbedder) -> BertEncoder | None:
    """The model behind an embedder, layer by layer; None where it has none."""
    layers = getattr(embedder, "layers", None)
    return None if layers is None else layers()


def _of_layers(
    pairs: Pairs, bert: BertEncoder, most: int, last: int
) -> tuple[npt.NDArray[np.float32], list[int]]:
    opened, *_, closed = bert.ids("")
    ids, kinds = [opened], [FRAME]
    for key, value in pairs:
        for text, kind in ((key, KEY), (value, VALUE)):
            own = bert.ids(text, alone=False)
            ids += own
            kinds += [kind] * len(own)
    ids, kinds = [*ids[: most - 1], closed], [*kinds[: most - 1], FRAME]
    return bert.states(ids, max(0, bert.layers - last)), kinds


def _of_words(pairs: Pairs, embedder: TextEmbedder, most: int) -> tuple[npt.NDArray[np.float32], list[int]]:
    words = [
        (word, kind)
        for key, value in pairs
        for text, kind in ((key, KEY), (value, VALUE))
        for word in re.findall(r"\w+", text)
    ][:most] or [("", VALUE)]
    return embedder.encode([word for word, _ in words]), [kind for _, kind in words]
