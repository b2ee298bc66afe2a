"""Items as the sum of their attributes' vectors: no ids, so equal items are equal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from scipy import sparse
from torch import Tensor, nn
from torch.nn.functional import embedding_bag, gelu

from tastemaker.recommenders.data.attribute_values import attribute_values
from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.layers.text_items import TEXT_VECTORS
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.errors import ConfigError

STARTS, COLUMNS, WEIGHTS, ENDS = "starts", "columns", "weights", "attribute_ends"
"""Names of the frozen arrays: a sparse matrix by rows, and where each attribute's columns end."""
LABELS = "labels"
"""Name of one more: what the columns are, as the bytes of a JSON object, attribute -> labels."""

Labels = Mapping[str, Sequence[str | float]]


def rankable_attributes(catalog: Catalog) -> list[str]:
    """Attributes that have values: all but free text and those that no item has.

    Raises:
        ConfigError: there is none.
    """
    named = catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS, Kind.NUMBER, Kind.DATE)
    found = [name for name in named if any(name in item.attributes for item in catalog)]
    if not found:
        raise ConfigError(
            "this model knows items by their attributes, and the catalogue has none that is a category, "
            "tags, a number or a date; add a column, or use --model sasrec"
        )
    return found


def attribute_table(
    catalog: Catalog, labels: Labels | None = None, names: Sequence[str] | None = None
) -> ItemTable:
    """All attributes' value distributions side by side, as one sparse matrix.

    Args:
        catalog: the items.
        labels: those of another table, whose columns this one is to have too.
        names: without labels, only these attributes.

    Raises:
        ConfigError: the catalogue has no attributes with values.
        QueryError: it lacks one of those that ``labels`` names.
    """
    known: Mapping[str, Sequence[str | float] | None] = (
        dict.fromkeys(names or rankable_attributes(catalog)) if labels is None else labels
    )
    values = [attribute_values(catalog, name, own) for name, own in known.items()]
    parts = [each.of_item for each in values]
    whole = sparse.hstack(parts, format="csr", dtype=np.float32)  # [n_items, v]
    ends = np.cumsum([part.shape[1] for part in parts])
    arrays = {STARTS: whole.indptr, COLUMNS: whole.indices, ENDS: ends}
    frozen = {name: torch.from_numpy(np.asarray(array, np.int64)) for name, array in arrays.items()}
    told = json.dumps({each.name: each.labels for each in values}).encode()
    frozen[LABELS] = torch.frombuffer(bytearray(told), dtype=torch.uint8)
    return ItemTable(len(catalog), frozen | {WEIGHTS: torch.from_numpy(whole.data)})


def table_labels(table: ItemTable) -> Labels:
    """What the columns of an attribute table are."""
    labels: Labels = json.loads(bytes(table.frozen[LABELS].numpy()))
    return labels


class AttributeItems(nn.Module):
    """A vector per attribute value; an item is their weighted sum, refined by a two-layer network.

    Args:
        frozen: see :func:`attribute_table`; with text vectors among it, these are turned by a
            trained matrix and added to the sum.
        size: width of the vectors.
    """

    def __init__(self, frozen: Mapping[str, Tensor], size: int) -> None:
        super().__init__()
        self.starts, self.columns, self.weights = (frozen[name] for name in (STARTS, COLUMNS, WEIGHTS))
        self.ends: list[int] = frozen[ENDS].tolist()
        self.values = nn.Parameter(torch.empty(self.ends[-1], size))  # [v, d]
        nn.init.normal_(self.values, std=size**-0.5)
        self.texts = frozen.get(TEXT_VECTORS)  # float32[n_items, t], not trained
        if self.texts is not None:
            self.text = nn.Linear(self.texts.shape[1], size, bias=False)
        self.norm = nn.LayerNorm(size)
        self.up, self.down = nn.Linear(size, 2 * size), nn.Linear(2 * size, size)

    def forward(self, rows: Tensor) -> Tensor:
        """Vectors of the items: int64[b, l] -> float32[b, l, size]."""
        distinct, place = rows.unique(return_inverse=True)  # type: ignore[no-untyped-call]
        return self._refine(self._sum(*self.of(distinct)) + self._text_part(distinct))[place]

    def matrix(self) -> Tensor:
        """float32[n_items, size]."""
        return self._refine(self._sum(self.columns, self.starts, self.weights) + self._text_part(slice(None)))

    def of(self, rows: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The sparse rows of some items: columns int64[m], starts int64[n + 1], weights float32[m]."""
        counts = self.starts[rows + 1] - self.starts[rows]
        starts = torch.cat([counts.new_zeros(1), counts.cumsum(0)])
        at = torch.arange(int(starts[-1])) + (self.starts[rows] - starts[:-1]).repeat_interleave(counts)
        return self.columns[at], starts, self.weights[at]

    def _sum(self, columns: Tensor, starts: Tensor, weights: Tensor) -> Tensor:
        return embedding_bag(
            columns, self.values, starts, mode="sum", per_sample_weights=weights, include_last_offset=True
        )

    def _text_part(self, rows: Tensor | slice) -> Tensor | float:
        return 0.0 if self.texts is None else self.text(self.texts[rows])

    def _refine(self, x: Tensor) -> Tensor:
        refined: Tensor = x + self.down(gelu(self.up(self.norm(x))))
        return refined
