"""MiniOneRec: a language model whose words are the codes of items, with a beam over the ids that exist.

Kong et al., "MiniOneRec: An Open-Source Framework for Scaling Generative Recommendation" (2025). There a
pre-trained language model of .5 to 7 billion weights is given the codes as new words, and learns from
histories together with tasks that tie titles to ids. Here the decoder is small and begins from nothing, so it
knows no language: of these tasks, one is left, to tell the next item's vector (its text, its behaviour) from
those of others. The second stage of the paper, by reinforcement with the beams as a group, is an option.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Self, cast

from pydantic import Field
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemContent, ItemTable
from tastemaker.recommenders.layers.generative.code_tokens import CodeTokens
from tastemaker.recommenders.layers.generative.token_decoder import TokenDecoder
from tastemaker.recommenders.layers.generative.token_model import TokenModel
from tastemaker.recommenders.losses.group_relative_loss import GroupRelativeLoss
from tastemaker.recommenders.losses.token_loss import TokenLoss
from tastemaker.recommenders.models.generative.token_recommender import TokenConfig, TokenRecommender
from tastemaker.recommenders.training.fit import train_next_item
from tastemaker.recommenders.training.matmul_precision import encoder_matmul
from tastemaker.recommenders.training.model_config import ModelConfig
from tastemaker.recommenders.training.run_records import training_record
from tastemaker.retrieval.catalog.interactions import Interactions


class MiniOneRecConfig(TokenConfig):
    """Sizes, ids, search and training.

    Attributes:
        reinforced: epochs of reinforcement after the training; 0: none.
        group: beams per person there.
        rate: highest step size there.
        kept_near: weight of the distance to the model before it.
    """

    reinforced: int = Field(default=0, ge=0)
    group: int = Field(default=16, ge=2)
    rate: float = Field(default=1e-4, gt=0)
    kept_near: float = Field(default=1e-3, ge=0)

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

    @classmethod
    def fit_content(
        cls,
        content: ItemContent,
        interactions: Interactions,
        checkpoint: Path,
        *,
        seed: int = 0,
        progress: bool = False,
        settings: Mapping[str, object] | None = None,
    ) -> Self:
        """Train, then reinforce where it is asked for; what validates better is kept."""
        trained = super().fit_content(
            content, interactions, checkpoint, seed=seed, progress=progress, settings=settings
        )
        if not cast(MiniOneRecConfig, trained.settings).reinforced:
            return trained
        return trained.reinforced(interactions, checkpoint, seed=seed, progress=progress)

    def reinforced(
        self, interactions: Interactions, checkpoint: Path, *, seed: int = 0, progress: bool = False
    ) -> Self:
        """This model after the stage by reinforcement, for as many epochs as its settings say.

        Args:
            interactions: what it was trained on.
            checkpoint: file of the training before; the stage has its own beside it.
            seed: of the training before.
            progress: show a bar.
        """
        own = cast(MiniOneRecConfig, self.settings)
        before = cast(TokenModel, self.model)
        model = copy.deepcopy(before)
        late = own.training.model_copy(
            update={
                "epochs": own.reinforced,
                "learning_rate": own.rate,
                "validate_every": 1,
                "warmup_steps": 0,
            }
        )
        _, run = train_next_item(
            own.model_copy(update={"training": late}),
            self.vocabulary,
            self.table,
            interactions,
            checkpoint.with_name(f"reinforced.{checkpoint.name}"),
            seed=seed + 1,
            progress=progress,
            start=model.requires_grad_(True),
            objective=GroupRelativeLoss(before, own.group, own.kept_near),
        )
        best = self.record.get("validation_ndcg@10")
        if isinstance(best, float) and run.best <= best:
            model.load_state_dict(before.state_dict())
        grown = type(self)(self.vocabulary, self.popularity, model, own, self.table)
        grown.record = {**self.record, "reinforced": training_record(run)}
        return grown
