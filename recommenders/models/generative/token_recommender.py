"""Recommenders that write the next item's id code by code and search for the likeliest ids with a beam."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Literal, cast

import numpy as np
import numpy.typing as npt
import torch
from pydantic import Field, model_validator
from torch import Tensor

from tastemaker.recommenders.data.array_types import Scores
from tastemaker.recommenders.data.item_content import ItemTable
from tastemaker.recommenders.data.resolved_query import ResolvedQuery
from tastemaker.recommenders.layers.generative.code_decoder import CodeDecoder
from tastemaker.recommenders.layers.generative.code_tokens import CodeTokens
from tastemaker.recommenders.layers.generative.prefix_tables import PrefixTables, leaf_shares
from tastemaker.recommenders.layers.generative.token_model import TokenModel
from tastemaker.recommenders.models.generative.id_config import IdConfig
from tastemaker.recommenders.models.generative.id_recommender import COUNTS, TRAINED, VECTORS, IdRecommender
from tastemaker.recommenders.semantic_ids.semantic_ids import CODE_COUNT, CODES

MOST_CODES = 1024
"""Values per level up to which dense tables of the ids' tree stay small."""


class TokenConfig(IdConfig):
    """Sizes, ids, and the search.

    Attributes:
        start: codes begin as the ``centres`` that they stand for, or at ``random``.
        beams: kept per level in a search; items outside of it follow in the order of a dense score.
        dense_share: weight of that score in training; 0 leaves it untrained.
    """

    codes: int = Field(default=64, ge=2, le=MOST_CODES)
    start: Literal["random", "centres"] = "random"
    beams: int = Field(default=50, ge=1)
    dense_share: float = Field(default=0.1, ge=0)

    @model_validator(mode="after")
    def _codes_are_tokens(self) -> TokenConfig:
        if self.tokenizer == "product":
            raise ValueError(
                "codes of the product tokenizer have no order to be written in; take rpg for them, or "
                "tokenizer=residual-kmeans"
            )
        return self

    @property
    def keeps_vectors(self) -> bool:
        """For the dense score."""
        return True

    @abstractmethod
    def decoder(self, tokens: CodeTokens, table: ItemTable) -> CodeDecoder:
        """The decoder, untrained."""

    def parts(self, table: ItemTable) -> tuple[CodeDecoder, Tensor, PrefixTables, Tensor, int, int]:
        """What a token model is made of, in the order of its arguments."""
        frozen = table.frozen
        codes, count = frozen[CODES].long(), int(frozen[CODE_COUNT][0])
        tables = PrefixTables(codes, count, frozen[TRAINED])
        shares = leaf_shares(tables.leaf_of_item, frozen[COUNTS], frozen[TRAINED])
        start = self.centres(table) if self.start == "centres" else None
        decoder = self.decoder(CodeTokens(codes, count, self.size, start), table)
        return decoder, frozen[VECTORS], tables, shares, self.size, self.beams

    def compose(self, table: ItemTable) -> TokenModel:
        """Code tokens + decoder + the tree of ids."""
        return TokenModel(*self.parts(table))


class TokenRecommender(IdRecommender):
    """A token model behind the contract.

    Scores of the items that a search reaches are log-probabilities; the others' say only their dense order.
    """

    def score_resolved_queries(self, resolved_queries: Sequence[ResolvedQuery]) -> Scores:
        """float32[len(readings), n_items], after a search over the whole catalogue."""
        return self._search(resolved_queries, None)

    def best(
        self, resolved_queries: Sequence[ResolvedQuery], k: int, exclude_history: bool
    ) -> list[tuple[npt.NDArray[np.int64], Scores]]:
        """As in every recommender, after a search that goes only where allowed items are."""
        return [
            super(TokenRecommender, self).best([resolved], k, exclude_history)[0]
            if resolved.fallback
            else self._best_of(
                self._search([resolved], self._allowed(resolved, exclude_history))[0],
                resolved,
                k,
                exclude_history,
            )
            for resolved in resolved_queries
        ]

    def _search(
        self, resolved_queries: Sequence[ResolvedQuery], allowed: npt.NDArray[np.bool_] | None
    ) -> Scores:
        wanted = None if allowed is None else torch.from_numpy(allowed)[None]
        with torch.inference_mode():
            model = cast(TokenModel, self.model)
            scores: Scores = model.search(self._sequences(resolved_queries), self._items, wanted).numpy()
        return scores

    def _allowed(self, resolved: ResolvedQuery, exclude_history: bool) -> npt.NDArray[np.bool_]:
        included = resolved.query.include
        allowed = np.full(len(self.vocabulary), included is None)
        if included is not None:
            allowed[self.vocabulary.known_rows(included)[0]] = True
        allowed[self.excluded_rows(resolved, exclude_history)] = False
        return allowed
