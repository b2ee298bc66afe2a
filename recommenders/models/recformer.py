"""Recformer over MiniLM: the history is one text of key-value pairs, and so is an item.

Li et al., "Text Is All You Need: Learning Language Representations for Sequential Recommendation" (KDD 2023). Here
the lower layers read each item alone, once, and only the upper ones, which are trained, read across items: on two
processor cores the paper's Longformer is out of reach. Its pretraining on other shops is left out. Two stages as
there: vectors of items made anew each epoch, then fixed while the reader of histories is trained on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self, cast

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from tastemaker.recommenders.data.item_content import ItemContent, ItemTable
from tastemaker.recommenders.data.query import Query
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.data.token_states import (
    TokenStates,
    catalog_tokens,
    language_model,
    token_states,
)
from tastemaker.recommenders.layers.token_texts.bert_block import BertBlock
from tastemaker.recommenders.layers.token_texts.text_sequence_encoder import (
    TextSequenceEncoder,
    TextSequenceModel,
    TokenItems,
)
from tastemaker.recommenders.losses.frozen_item_loss import frozen_item_loss
from tastemaker.recommenders.models.content_recommender import ContentRecommender
from tastemaker.recommenders.training.fit import train_next_item
from tastemaker.recommenders.training.model_config import ModelConfig, Objective, TrainingConfig
from tastemaker.recommenders.training.run_records import training_record
from tastemaker.recommenders.training.settings import check_settings
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.index.bert_encoder import BertEncoder
from tastemaker.retrieval.index.embedder import TextEmbedder

STATES, TOKEN_KINDS, SHAPE = "token_states", "token_kinds", "block_shape"
"""Names of the frozen arrays; the last holds heads and inner width of a block."""
WISH = "wish"
"""The key under which a wish in words stands in the text."""


class RecformerConfig(ModelConfig):
    """How much is read, and the training; with the defaults a request takes under 10 ms of one core.

    Attributes:
        items: how many of the latest are read.
        tokens: of each item.
        trained_layers: upper layers of the language model that are trained; those below read each item once.
        temperature: of the cosines.
        second_stage: epochs with fixed item vectors after the first stage; 0: none.
    """

    items: int = Field(default=5, ge=1)
    tokens: int = Field(default=16, ge=3)
    trained_layers: int = Field(default=2, ge=1)
    temperature: float = Field(default=0.05, gt=0)
    second_stage: int = Field(default=5, ge=0)
    training: TrainingConfig = TrainingConfig(
        epochs=10, patience=3, batch_size=16, learning_rate=5e-5, warmup_steps=100
    )

    def compose(self, table: ItemTable) -> TextSequenceModel:
        """The upper blocks, untrained, over the items' tokens."""
        states = table.frozen[STATES]
        heads, inner = table.frozen[SHAPE].tolist()
        encoder = TextSequenceEncoder(states.shape[-1], self.trained_layers, heads, inner, self.items)
        return TextSequenceModel(TokenItems(encoder, states, table.frozen[TOKEN_KINDS]), self.temperature)

    def objective(self, counts: Tensor) -> Objective:  # noqa: ARG002 - over the whole catalogue
        """Softmax over item vectors that stand still within an epoch."""
        return frozen_item_loss


class Recformer(ContentRecommender):
    """A language model's upper layers over the texts of the history: words and order in one attention."""

    name: ClassVar[str] = "recformer"
    uses: ClassVar[frozenset[str]] = frozenset({"history", "text"})
    config_class: ClassVar[type[ModelConfig]] = RecformerConfig
    needs: ClassVar[str] = "item texts"

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        cast(TextSequenceModel, self.model).items.fixed = True

    @property
    def reads_texts(self) -> bool:
        """Always."""
        return True

    @classmethod
    def item_table(
        cls,
        content: ItemContent,
        interactions: Interactions,  # noqa: ARG003 - the same for all
        settings: ModelConfig,
        seed: int,  # noqa: ARG003
        checkpoint: Path,  # noqa: ARG003
        progress: bool,  # noqa: ARG003
    ) -> ItemTable:
        """What the lower layers make of each item's text."""
        own, embedder = cast(RecformerConfig, settings), _embedder(content)
        read = catalog_tokens(content.catalog, embedder, own.tokens, own.trained_layers)
        bert, size = language_model(embedder), read.states.shape[-1]
        inner = 2 * size if bert is None else len(bert.weights_of(0)["intermediate.dense.bias"])
        heads = (4 if size % 4 == 0 else 1) if bert is None else bert.heads
        return ItemTable(len(content.catalog), _frozen(read) | {SHAPE: torch.tensor([heads, inner])})

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
        """Train in two stages; see the module."""
        own = cast(RecformerConfig, check_settings(cls.config_class, cls.name, settings))
        table = cls.item_table(content, interactions, own, seed, checkpoint, progress)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            start = own.compose(table)
        _start_from(start, language_model(_embedder(content)))
        with torch.inference_mode():
            start.eval().items.matrix()
        vocabulary = content.vocabulary
        model, first = train_next_item(
            own, vocabulary, table, interactions, checkpoint, seed=seed, progress=progress, start=start
        )
        kept = cast(TextSequenceModel, model)
        record = training_record(first)
        if own.second_stage:
            kept.items.fixed = True
            late = own.training.model_copy(
                update={"epochs": own.second_stage, "patience": min(3, own.second_stage)}
            )
            second = own.model_copy(update={"training": late})
            before = {name: value.clone() for name, value in kept.state_dict().items()}
            place = checkpoint.with_name(f"second.{checkpoint.name}")
            _, then = train_next_item(
                second, vocabulary, table, interactions, place, seed=seed + 1, progress=progress, start=kept
            )
            record["second_stage"] = training_record(then)
            if own.training.hold_out and then.best < first.best:
                kept.load_state_dict(before)
        popularity = interactions.counts(len(vocabulary)).astype(np.float32)
        trained = cls(vocabulary, popularity, kept, own, table)
        trained.record = record
        return trained

    def can_serve(self, resolved: ResolvedQuery) -> bool:
        """A history, or a wish in words, is enough."""
        return len(resolved.rows) > 0 or self._has_wish(resolved.query)

    def states(self, resolved_queries: Sequence[ResolvedQuery]) -> Tensor:
        """Where histories and wishes lead, float32[len(readings), d]; a wish is read as the latest item."""
        model, found = cast(TextSequenceModel, self.model), []
        if not any(self._has_wish(resolved.query) for resolved in resolved_queries):
            return super().states(resolved_queries)
        own = cast(RecformerConfig, self.settings)
        for resolved in resolved_queries:
            rows = torch.from_numpy(resolved.rows[::-1][: own.items].copy())
            states, kinds = model.items.states[rows], model.items.kinds[rows]
            if self._has_wish(resolved.query) and self.embedder is not None:
                pairs = [[(WISH, str(resolved.query.text))]]
                wish = token_states(pairs, self.embedder, own.tokens, own.trained_layers)
                states = torch.cat([torch.from_numpy(wish.states), states])[: own.items]
                kinds = torch.cat([torch.from_numpy(wish.kinds), kinds])[: own.items]
            found.append(model.read(states[None], kinds[None])[0])
        return torch.stack(found)

    def extend_table(self, content: ItemContent) -> ItemTable:
        """Tokens of another catalogue's items; known items keep theirs, only new texts are read."""
        self.attach(content.embedder)
        own = cast(RecformerConfig, self.settings)
        old = self.table.frozen
        new = [row for row, id_ in enumerate(content.vocabulary.ids) if id_ not in self.vocabulary]
        states = torch.zeros(len(content.catalog), *old[STATES].shape[1:], dtype=old[STATES].dtype)
        kinds = torch.zeros(len(content.catalog), own.tokens, dtype=old[TOKEN_KINDS].dtype)
        for row, id_ in enumerate(content.vocabulary.ids):
            if (before := self.vocabulary.row(id_)) is not None:
                states[row], kinds[row] = old[STATES][before], old[TOKEN_KINDS][before]
        if new:
            read = catalog_tokens(content.catalog, _embedder(content), own.tokens, own.trained_layers, new)
            states[new], kinds[new] = torch.from_numpy(read.states), torch.from_numpy(read.kinds)
        return ItemTable(len(states), {**old, STATES: states, TOKEN_KINDS: kinds})

    def with_items(self, content: ItemContent) -> Self:
        """The same model over another catalogue; new items are read as the trained layers read them."""
        vocabulary, table = content.vocabulary, self.extend_table(content)
        model = cast(RecformerConfig, self.settings).compose(table)
        vectors = torch.from_numpy(self._move(self._items.numpy(), vocabulary))
        model.load_state_dict({**self.model.state_dict(), "items.vectors": vectors})
        new = [row for row, id_ in enumerate(vocabulary.ids) if id_ not in self.vocabulary]
        if new:
            model.items.vectors[new] = model.eval().items.encode_rows(torch.tensor(new))
        grown = type(self)(vocabulary, self._move(self.popularity, vocabulary), model, self.settings, table)
        grown.record, grown.embedder = self.record, self.embedder
        return grown

    def _has_wish(self, query: Query) -> bool:
        return bool(query.text and query.text.strip()) and self.embedder is not None


def _embedder(content: ItemContent) -> TextEmbedder:
    if content.embedder is None:
        raise ConfigError(
            "recformer reads item texts; pass an embedder, such as the one of the workspace's index"
        )
    return content.embedder


def _frozen(read: TokenStates) -> dict[str, Tensor]:
    return {STATES: torch.from_numpy(read.states), TOKEN_KINDS: torch.from_numpy(read.kinds)}


def _start_from(model: TextSequenceModel, bert: BertEncoder | None) -> None:
    """Give the blocks the language model's own upper layers."""
    blocks = model.items.encoder.blocks
    if bert is not None:
        for number, block in enumerate(blocks):
            cast(BertBlock, block).start_from(bert.weights_of(bert.layers - len(blocks) + number))
