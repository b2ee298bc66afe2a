"""What the items are, for the models that look at more than ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.item_text import item_texts
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.index.embedder import TextEmbedder, Vectors

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class ItemContent:
    """A catalogue, and what turns its texts into vectors.

    Attributes:
        catalog: the items with their attributes.
        embedder: None where no model of texts is wanted.
    """

    catalog: Catalog
    embedder: TextEmbedder | None = None

    @property
    def vocabulary(self) -> Vocabulary:
        """The catalogue's ids in row order."""
        return Vocabulary(self.catalog.ids)

    def text_vectors(self, rows: Sequence[int] | None = None) -> Vectors:
        """Unit vectors of item texts, float32[n, t]: of these rows, or of all items.

        Raises:
            ConfigError: there is no embedder.
        """
        if self.embedder is None:
            raise ConfigError(
                "this model reads item texts; pass an embedder, such as the one that the workspace's index has"
            )
        texts = item_texts(self.catalog)
        return self.embedder.encode(texts if rows is None else [texts[row] for row in rows])


@dataclass(frozen=True)
class ItemTable:
    """The items as a model is composed over them.

    Attributes:
        n_items: rows.
        frozen: arrays by name that are derived from the content and not trained, such as
            text vectors; saved with the model. Empty where ids are all a model knows.
    """

    n_items: int
    frozen: Mapping[str, Tensor] = field(default_factory=dict)

    def with_arrays(self, more: Mapping[str, Tensor]) -> ItemTable:
        """With more frozen arrays."""
        return ItemTable(self.n_items, {**self.frozen, **more})
