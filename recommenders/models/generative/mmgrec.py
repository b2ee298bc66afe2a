"""MMGRec: ids of items in a graph, written after a history in no order.

Liu et al., "MMGRec: Multimodal Generative Recommendation with Transformer Model" (2024). There a graph network
is trained on texts, pictures and sounds before ids are cut from its vectors; here item vectors (texts, or what
people did) are spread over the interactions without training. The decoder looks at the history in the same
attention as at its own codes, beams keep to the ids that exist, items with one id share it by how often they
were taken instead of a last code that tells only that, and a person is the mean of the history's vectors, so
that a stranger is served. As there, training hides some items of a window and writes them from the others.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.layers.generative.code_tokens import CodeTokens
from tastemaker.recommenders.layers.generative.set_decoder import SetDecoder
from tastemaker.recommenders.losses.token_loss import SetLoss
from tastemaker.recommenders.models.generative.id_recommender import VECTORS
from tastemaker.recommenders.models.generative.token_recommender import TokenConfig, TokenRecommender
from tastemaker.recommenders.semantic_ids.item_vectors import Source
from tastemaker.recommenders.training.matmul_precision import encoder_matmul
from tastemaker.recommenders.training.model_config import ModelConfig


class MMGRecConfig(TokenConfig):
    """Sizes, ids, search and training.

    Attributes:
        relation: attention that also weighs what two items are to this person.
        context: in training, so many items of a window at most are given.
        targets: in training, so many items of a window at most are predicted.
    """

    source: Source = Source.GRAPH
    tokenizer: Literal["residual-kmeans", "product", "finite-scalar", "rq-vae"] = "rq-vae"
    levels: int = Field(default=3, ge=1)
    relation: bool = True
    context: int = Field(default=32, ge=1)
    targets: int = Field(default=16, ge=1)

    def decoder(self, tokens: CodeTokens, table: ItemTable) -> SetDecoder:
        """Relation-aware blocks over the items, causal blocks over the codes."""
        sizes = (self.size, self.layers, self.heads, self.max_length, self.dropout)
        return SetDecoder(tokens, table.frozen[VECTORS], *sizes, self.relation)

    def objective(self, counts: Tensor) -> SetLoss:  # noqa: ARG002 - codes are all equally many
        """Codes of hidden items."""
        return SetLoss(self.dense_share, self.context, self.targets, encoder_matmul(self.size))


class MMGRec(TokenRecommender):
    """Semantic ids of an item graph, written after a history in no order: taste as a set."""

    name: ClassVar[str] = "mmgrec"
    config_class: ClassVar[type[ModelConfig]] = MMGRecConfig
