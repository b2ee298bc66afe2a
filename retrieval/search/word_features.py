"""How a query's words stand in candidates: field by field, side by side, as whole titles, names and tags."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.index.field_words import Field, FieldWords, Held, Rows
from tastemaker.retrieval.search.query_words import QueryWords, WordStems

Matrix = npt.NDArray[np.float32]

K1, B = 1.2, 0.75
"""BM25's saturation and length normalisation (Robertson and Zaragoza, 2009)."""

NAMES = (
    *(f"cover_{field.name.lower()}" for field in Field),
    *(f"bm25_{field.name.lower()}" for field in Field),
    "cover_any",
    "cover_any_count",
    "bm25f",
    "pairs",
    "pairs_title",
    "run",
    "title_said",
    "title_whole",
    "title_start",
    "title_is_query",
    "names_whole",
    "tags_whole",
    "labels_whole",
    "number_missed",
)
"""The columns, all 0 to 1. ``cover``: the share of the query's weight that a field holds; ``bm25``: the same by
BM25, a share of the most possible; ``pairs``: the share of the query's neighbours that are neighbours in one value;
``run``: the longest row of them; ``title_said``: the share of the title's weight that the query says;
``title_whole``: all of it in order; ``title_start``: the query says the title's first words; ``title_is_query``: and
nothing else; ``names_whole``: the share of the query's weight in full names; ``number_missed``: a year is asked for
and the item has another."""


MAX_KEPT = 2_000_000
"""Words of a catalogue up to which its layout is kept: 45 bytes each."""


@dataclass(frozen=True)
class _Layout:
    """What no query changes of the words of some items.

    Attributes:
        held: the words.
        value: number of the value that each stands in, from 0, int64[n].
        begins: where each value begins, int64[n_values].
        length: words of each value.
        norm: what BM25 divides by, of each item's fields, float[n_items, n_fields].
        weight: of each value's words together.
    """

    held: Held
    value: Rows
    begins: Rows
    length: Rows
    norm: Matrix
    weight: npt.NDArray[np.float64]


class WordFeatures:
    """Computes the columns for one catalogue. Read-only, safe to share between threads."""

    def __init__(self, fields: FieldWords, stems: WordStems) -> None:
        self._fields = fields
        self._stems = stems

    def of(self, words: QueryWords, rows: Rows) -> Matrix:
        """The columns of :data:`NAMES` for some rows, float32[n, len(NAMES)]."""
        n, m = len(rows), len(words.texts)
        out = np.zeros((n, len(NAMES)), dtype=np.float32)
        total = float(words.weights.sum())
        if not n or not m or total <= 0:
            return out
        layout = self._layout(rows)
        held = layout.held
        place = self._stems.places(words)[held.word].astype(np.int64)
        at = np.flatnonzero(place >= 0)
        item, own, field = held.item[at], place[at], held.field[at].astype(np.int64)
        share = words.weights / np.float32(total)
        n_fields = len(Field)
        counts = np.bincount((item * n_fields + field) * m + own, minlength=n * n_fields * m)
        counts = counts.reshape(n, n_fields, m).astype(np.float32)
        column = dict(zip(NAMES, out.T, strict=True))
        norm = layout.norm
        covers = (counts > 0) @ share
        worth = (counts / (counts + norm[:, :, None])) @ share
        out[:, :n_fields] = covers
        out[:, n_fields : 2 * n_fields] = worth
        anywhere = counts.max(axis=1) > 0
        column["cover_any"][:] = anywhere @ share
        column["cover_any_count"][:] = anywhere.sum(axis=1) / m
        weighted = (counts / norm[:, :, None]).sum(axis=1)
        column["bm25f"][:] = (weighted / (1 + weighted)) @ share
        self._neighbours(column, words, held, place, at, n)
        self._values(column, layout, place, at, n, share)
        if (asked := [p for p, w in enumerate(words.texts) if len(w) == 4 and w.isdigit()]) and n:
            has = np.bincount(held.item[held.field == Field.NUMBERS], minlength=n) > 0
            column["number_missed"][:] = has & ~(counts[:, Field.NUMBERS, asked].max(axis=1) > 0)
        return out

    def _neighbours(
        self, column: dict[str, Matrix], words: QueryWords, held: Held, place: Rows, at: Rows, n: int
    ) -> None:
        """Pairs of the query that stand side by side in a value, each counted once an item."""
        order = words.order
        m = len(words.texts)
        pairs = np.unique(order[:-1] * m + order[1:]) if len(order) > 1 else np.zeros(0, np.int64)
        pairs = pairs[pairs >= 0]
        if not len(pairs):
            return
        first = at[at + 1 < len(place)]
        first = first[
            (place[first + 1] >= 0)
            & (held.item[first] == held.item[first + 1])
            & (held.value[first] == held.value[first + 1])
        ]
        code = place[first] * m + place[first + 1]
        found = np.minimum(np.searchsorted(pairs, code), len(pairs) - 1)
        first, found = first[pairs[found] == code], found[pairs[found] == code]
        weight = words.weights[pairs // m] + words.weights[pairs % m]
        weight = weight / max(float(weight.sum()), 1e-6)
        for name, only in (
            ("pairs", np.ones(len(first), bool)),
            ("pairs_title", held.field[first] == Field.TITLE),
        ):
            seen = np.unique(held.item[first[only]] * len(pairs) + found[only])
            column[name][:] = np.bincount(seen // len(pairs), weights=weight[seen % len(pairs)], minlength=n)
        column["run"][:] = _longest(first, held.item, n) / 4

    def _values(
        self, column: dict[str, Matrix], layout: _Layout, place: Rows, at: Rows, n: int, share: Matrix
    ) -> None:
        """Values that the query says from end to end."""
        held, begins, length = layout.held, layout.begins, layout.length
        if not len(begins):
            return
        value, n_values = layout.value[at], len(begins)
        whole = np.bincount(value, minlength=n_values) == length
        item, field = held.item[begins], held.field[begins]
        sums = np.bincount(value, weights=share[place[at]], minlength=n_values)
        for name, kind in (
            ("names_whole", Field.NAMES),
            ("tags_whole", Field.TAGS),
            ("labels_whole", Field.LABELS),
        ):
            fits = whole & (field == kind)
            if kind is Field.NAMES:
                fits &= length > 1
            column[name][:] = np.minimum(np.bincount(item[fits], weights=sums[fits], minlength=n), 1)
        titled = field == Field.TITLE
        said = np.bincount(value, weights=self._weights[held.word[at]], minlength=n_values)
        column["title_said"][item[titled]] = said[titled] / np.maximum(layout.weight[titled], 1e-6)
        ahead = at[at + 1 < len(place)]
        ahead = ahead[
            (place[ahead + 1] - place[ahead] == 1) & (layout.value[ahead + 1] == layout.value[ahead])
        ]
        in_order = np.bincount(layout.value[ahead], minlength=n_values) == length - 1
        column["title_whole"][item[titled]] = (whole & in_order)[titled]
        column["title_start"][item[titled]] = (place[begins] >= 0)[titled] * column["cover_title"][
            item[titled]
        ]
        column["title_is_query"][:] = column["title_whole"] * (column["cover_title"] > 0.99)

    def _layout(self, rows: Rows) -> _Layout:
        """How the words of some rows lie; that of the whole catalogue is kept, where it is not large."""
        n_items = len(self._fields.offsets) - 1
        whole = len(rows) == n_items and bool((rows == np.arange(n_items)).all())
        return self._whole if whole and len(self._fields.word) <= MAX_KEPT else self._measured_layout(rows)

    @cached_property
    def _whole(self) -> _Layout:
        return self._measured_layout(np.arange(len(self._fields.offsets) - 1, dtype=np.int64))

    def _measured_layout(self, rows: Rows) -> _Layout:
        held = self._fields.of_rows(rows)
        value = held.value - (held.value[0] if len(held.value) else 0)
        begins = np.flatnonzero(np.r_[True, np.diff(value) > 0]) if len(value) else np.zeros(0, np.int64)
        lengths = np.bincount(held.item * len(Field) + held.field, minlength=len(rows) * len(Field))
        norm = K1 * (1 - B + B * lengths.reshape(len(rows), len(Field)) / self._typical)
        own = self._weights[held.word]
        weight = np.asarray(np.bincount(value, weights=own, minlength=len(begins)), dtype=np.float64)
        return _Layout(held, value, begins, np.diff(np.r_[begins, len(value)]), norm, weight)

    @cached_property
    def _typical(self) -> Matrix:
        return self._fields.typical_lengths()

    @cached_property
    def _weights(self) -> Matrix:
        """The weight of each of the catalogue's words, float32[n_words]."""
        return self._stems.weights()


def _longest(first: Rows, item: Rows, n: int) -> Matrix:
    """The most pairs in a row that an item has, float32[n], at most 4."""
    longest = np.zeros(n, dtype=np.float32)
    if len(first):
        new = np.r_[True, np.diff(first) != 1]
        begins = np.flatnonzero(new)
        run = np.diff(np.r_[begins, len(first)])
        np.maximum.at(longest, item[first[begins]], np.minimum(run, 4))
    return longest
