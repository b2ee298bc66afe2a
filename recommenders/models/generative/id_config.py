"""What the configs of all models over semantic ids have in common."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tastemaker.recommenders.data.item_content import ItemContent
from tastemaker.recommenders.models.sequence_model_config import EncoderConfig
from tastemaker.recommenders.semantic_ids.item_vectors import Behaviour, Source, item_vectors
from tastemaker.recommenders.semantic_ids.semantic_ids import SemanticIds
from tastemaker.recommenders.semantic_ids.tokenizer import Vectors
from tastemaker.retrieval.catalog.interactions import Interactions


class IdConfig(EncoderConfig):
    """Sizes, and how ids come about.

    Attributes:
        source: what ids are cut from: ``interactions``, ``text``, ``both``, or ``graph``, texts that
            are spread over the interactions.
        behaviour: how the log becomes vectors: ``latent`` or, where most items are rare, ``diffused``.
        text_share: for ``both``, weight of texts beside behaviour.
        directions: widths of behaviour and of texts before they are cut.
        tokenizer: what cuts them.
        levels: codes per id.
        codes: values per level.
    """

    source: Source = Source.BOTH
    behaviour: Behaviour = Behaviour.LATENT
    text_share: float = Field(default=0.5, ge=0)
    directions: int = Field(default=32, ge=1)
    tokenizer: Literal["residual-kmeans", "product", "finite-scalar", "rq-vae"] = "residual-kmeans"
    levels: int = Field(default=4, ge=1)
    codes: int = Field(default=64, ge=2, le=15_360)

    @property
    def keeps_vectors(self) -> bool:
        """Whether the model reads the vectors beside the ids that are cut from them."""
        return False

    def ids(self, content: ItemContent, log: Interactions, seed: int) -> tuple[SemanticIds, Vectors]:
        """Ids of the items from this log alone, and the vectors that they are cut from."""
        texts = content.text_vectors() if self.source.reads_texts else None
        vectors, of_texts = item_vectors(
            self.source,
            self.behaviour,
            log,
            len(content.catalog),
            self.directions,
            self.text_share,
            texts,
            seed,
        )
        fitted = SemanticIds.fit(self.tokenizer, vectors, self.levels, self.codes, seed, of_texts)
        return fitted, vectors
