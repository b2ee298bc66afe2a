"""MiniOneRec: a language model whose words are the codes of items, with a beam over the ids that exist.

Kong et al., "MiniOneRec: An Open-Source Framework for Scaling Generative Recommendation" (2025). There a
pre-trained language model of .5 to 7 billion weights is given the codes as new words, and learns from
histories together with tasks that tie titles to ids. Here the decoder is small and begins from nothing, so it
knows no language: of these tasks, one is left, to tell the next item's vector (its text, its behaviour) from
those of others. The second stage of the paper, by reinforcement with the beams as a group, is left out.
"""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.layers.generative.code_tokens import CodeTokens
from tastemaker.recommenders.layers.generative.token_decoder import TokenDecoder
from tastemaker.recommenders.losses.token_loss import TokenLoss
from tastemaker.recommenders.models.generative.token_recommender import TokenConfig, TokenRecommender
from tastemaker.recommenders.training.matmul_precision import encoder_matmul
from tastemaker.recommenders.training.model_config import ModelConfig


class MiniOneRecConfig(TokenConfig):
    """Sizes, ids, search and training."""

    def decoder(self, tokens: CodeTokens, table: ItemTable) -> TokenDecoder:  # noqa: ARG002 - tokens are all it reads
        """Causal over the tokens of all items."""
        return TokenDecoder(tokens, self.size, self.layers, self.heads, self.max_length, self.dropout)

    def objective(self, counts: Tensor) -> TokenLoss:  # noqa: ARG002 - codes are all equally many
        """The next item's codes after every item."""
        return TokenLoss(self.dense_share, encoder_matmul(self.size))


class MiniOneRec(TokenRecommender):
    """Semantic ids written code by code, with a beam over the ids that exist: the likeliest few are exact."""

    name: ClassVar[str] = "minionerec"
    config_class: ClassVar[type[ModelConfig]] = MiniOneRecConfig
