"""Which words stand in which field of an item, in their order.

The word index says which items hold a word. This is its other side: the words of one item, field by
field and value by value, so that a few hundred candidates can be looked at closely (is the whole title
in the query, is a full name, do two words stand side by side?).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.item_text import label_fields, name_attributes
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.index.catalog_arrays import Arrays, read_own_arrays, save_arrays
from tastemaker.retrieval.text.tokens import tokens

FILE = "fields.npz"
MAX_WORDS = 400
"""Words of a field that are kept; what a long text says it says at its beginning."""

FIRST_YEAR, LAST_YEAR = 1000, 2100

Rows = npt.NDArray[np.int64]


class Field(IntEnum):
    """What kind of thing a field says, in any catalogue."""

    TITLE = 0
    NAMES = 1
    LABELS = 2
    TAGS = 3
    TEXT = 4
    NUMBERS = 5


@dataclass(frozen=True)
class Held:
    """The words of some items one after the other.

    Attributes:
        item: place of the item among those asked for, int64[n].
        word: number in the word index's vocabulary, int32[n].
        field: a :class:`Field`, int8[n].
        value: number of the value that the word stands in, rising, int64[n].
    """

    item: npt.NDArray[np.int64]
    word: npt.NDArray[np.int32]
    field: npt.NDArray[np.int8]
    value: npt.NDArray[np.int64]


@dataclass(frozen=True)
class FieldWords:
    """The words of all items.

    Attributes:
        word: numbers in the vocabulary, items one after the other, int32[n].
        field: a :class:`Field`, int8[n].
        start: whether a value begins here, bool[n].
        offsets: item r has the words ``offsets[r]:offsets[r + 1]``, int64[n_items + 1].
    """

    word: npt.NDArray[np.int32]
    field: npt.NDArray[np.int8]
    start: npt.NDArray[np.bool_]
    offsets: npt.NDArray[np.int64]

    @classmethod
    def of(cls, catalog: Catalog, vocabulary: Mapping[str, int]) -> FieldWords:
        """Read a catalogue; words outside the vocabulary are left out."""
        kinds = _kinds(catalog)
        word, field, start, ends = list[int](), list[int](), list[bool](), [0]
        for item in catalog:
            for kind, value in _values(item, kinds):
                numbers = [vocabulary[w] for w in tokens(value)[:MAX_WORDS] if w in vocabulary]
                word += numbers
                field += [int(kind)] * len(numbers)
                start += [True, *[False] * (len(numbers) - 1)][: len(numbers)]
            ends.append(len(word))
        return cls(
            np.array(word, np.int32),
            np.array(field, np.int8),
            np.array(start, np.bool_),
            np.array(ends, np.int64),
        )

    def save(self, folder: Path, catalog: Catalog) -> None:
        """Write ``fields.npz`` atomically."""
        own: Arrays = {"word": self.word, "field": self.field, "start": self.start, "offsets": self.offsets}
        save_arrays(folder / FILE, catalog, own)

    @classmethod
    def open(cls, folder: Path, catalog: Catalog) -> FieldWords:
        """Read what :meth:`save` wrote.

        Raises:
            WorkspaceError: missing, broken or of another catalogue.
        """
        return cls(*read_own_arrays(folder / FILE, catalog, "word", "field", "start", "offsets"))

    def of_rows(self, rows: Rows) -> Held:
        """The words of some rows, in their order."""
        begins, lengths = self.offsets[rows], self.offsets[rows + 1] - self.offsets[rows]
        item = np.repeat(np.arange(len(rows)), lengths)
        skipped = np.cumsum(lengths) - lengths
        at = np.arange(len(item)) - np.repeat(skipped - begins, lengths)
        return Held(item, self.word[at], self.field[at], np.cumsum(self.start[at]))

    def typical_lengths(self) -> npt.NDArray[np.float32]:
        """The mean number of words of each field, over the items that have it; float32[6], at least 1."""
        lengths = np.ones(len(Field), dtype=np.float32)
        item = np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))
        for kind in Field:
            own = self.field == kind
            if own.any():
                lengths[kind] = own.sum() / len(np.unique(item[own]))
        return lengths


def _kinds(catalog: Catalog) -> list[tuple[str, Field]]:
    """Attributes with the field they are read as, in the schema's order."""
    names, labels = set(name_attributes(catalog)), set(label_fields(catalog))
    kinds = list[tuple[str, Field]]()
    for attribute in catalog.schema.attributes:
        if attribute.kind in (Kind.CATEGORY, Kind.TAGS):
            own = Field.NAMES if attribute.name in names else Field.TAGS
            kinds.append((attribute.name, Field.LABELS if attribute.name in labels else own))
        elif attribute.kind is Kind.TEXT:
            kinds.append((attribute.name, Field.TEXT))
        elif attribute.kind is Kind.DATE or _holds_years(catalog, attribute.name):
            kinds.append((attribute.name, Field.NUMBERS))
    return kinds


def _values(item: Item, kinds: Sequence[tuple[str, Field]]) -> Iterator[tuple[Field, str]]:
    yield Field.TITLE, item.title
    for name, kind in kinds:
        value = item.attributes.get(name)
        if value is None:
            continue
        if kind is Field.NUMBERS:
            yield kind, str(value.year if isinstance(value, date) else int(str(value).partition(".")[0]))
        elif kind is Field.TEXT:
            yield kind, str(value)
        else:
            yield from ((kind, one) for one in as_tags(value))


def _holds_years(catalog: Catalog, name: str) -> bool:
    """Of numbers only years are words that people type; "1500 votes" is not."""
    numbers = catalog.numbers(name)
    known = numbers[~np.isnan(numbers)]
    return len(known) > 0 and float(known.min()) >= FIRST_YEAR and float(known.max()) <= LAST_YEAR
