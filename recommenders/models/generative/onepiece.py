"""OnePiece: MiniOneRec's decoder with anchors in its context, which thinks in steps before it writes an id.

Dai et al., "OnePiece: Bringing Context Engineering and Reasoning to Industrial Cascade Ranking System" (2025), in its
retrieval mode, by ids instead of inner products.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.layers.generative.code_tokens import CodeTokens
from tastemaker.recommenders.layers.generative.reasoning_decoder import ReasoningDecoder
from tastemaker.recommenders.losses.reasoning_loss import ReasoningLoss
from tastemaker.recommenders.models.generative.id_recommender import VECTORS
from tastemaker.recommenders.models.generative.token_recommender import TokenConfig, TokenRecommender
from tastemaker.recommenders.training.matmul_precision import encoder_matmul
from tastemaker.recommenders.training.model_config import ModelConfig


class OnePieceConfig(TokenConfig):
    """Sizes, ids, search and training.

    Attributes:
        anchors: so many items that are like the latest ones stand in the context.
        liked: so many of the latest.
        horizons: one reasoning step each; a step learns to name one of so many next items.
        asked: in training, places per window at which the decoder thinks.
    """

    anchors: int = Field(default=6, ge=0)
    liked: int = Field(default=5, ge=1)
    horizons: tuple[int, ...] = (8, 1)
    asked: int = Field(default=8, ge=1)

    def decoder(self, tokens: CodeTokens, table: ItemTable) -> ReasoningDecoder:
        """Causal over history, anchors and thoughts."""
        sizes = (self.size, self.layers, self.heads, self.max_length, self.dropout)
        context = (self.anchors, self.liked, len(self.horizons))
        return ReasoningDecoder(tokens, table.frozen[VECTORS], *sizes, *context)

    def objective(self, counts: Tensor) -> ReasoningLoss:  # noqa: ARG002 - codes are all equally many
        """A task per step."""
        return ReasoningLoss(self.dense_share, self.asked, self.horizons, encoder_matmul(self.size))


class OnePiece(TokenRecommender):
    """Semantic ids written after a few latent steps of reasoning over the history and what is like its latest items."""

    name: ClassVar[str] = "onepiece"
    config_class: ClassVar[type[ModelConfig]] = OnePieceConfig
