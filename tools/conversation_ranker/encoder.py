"""What a conversation makes one expect next: a two-tower model over the catalogue, learned from logged moments."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from threading import Lock
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from tastemaker.recommenders.conversation.co_mention import shares
from tastemaker.recommenders.conversation.two_tower import Spoken, Utilities, fit_two_tower, mean_rows
from tastemaker.recommenders.data.latent_vectors import latent_vectors
from tastemaker.recommenders.data.sparse_rows import count_matrix
from tastemaker.tools.conversation_ranker.context_knn import LoggedContext, group_mentions
from tastemaker.tools.conversation_ranker.folds import fold_of
from tastemaker.tools.dialogue_context import Column, DialogueContext, Embed, text_vector
from tastemaker.tools.tool_context import ToolContext

Table = npt.NDArray[np.float32]
Made = TypeVar("Made")


class Learned:
    """What several fits need, each made once, whichever thread asks first."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}
        self._locks: dict[Hashable, Lock] = {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` gave when this key was asked for first."""
        with self._locks.setdefault(key, Lock()):  # of a dict, this is one step
            if key not in self._made:
                self._made[key] = make()
            made: Made = self._made[key]
            return made


class ConversationEncoder:
    """Expects items for a moment: the mean of models that each learned from all but one fold of the conversations.

    Attributes:
        items: vectors of the items, see :func:`item_vectors`.
        latent: directions of the interaction log, float32[n_items, l].
        whole: the mean of the models.
    """

    def __init__(
        self, tool_context: ToolContext, embed: Embed, items: Table, latent: Table, whole: Utilities
    ) -> None:
        self._catalog, self._embed, self.items = tool_context.catalog, embed, items
        self.latent, self.whole = latent, whole
        self._without: dict[int, Utilities] = {}

    @classmethod
    def fit(
        cls,
        tool_context: ToolContext,
        logged: Sequence[LoggedContext],
        embed: Embed,
        features: Table,
        *,
        seed: int = 0,
        learned: Learned | None = None,
    ) -> ConversationEncoder:
        """Learn from moments in which something new was named.

        Args:
            tool_context: catalogue, texts and log.
            logged: at least one moment.
            embed: gives a text's vector.
            features: of the items, float32[n_items, f].
            seed: of the fits.
            learned: the log's directions, and models by the conversations that they learned from, kept from
                one call to the next on the same catalogue, features and seed.
        """
        learned = learned or Learned()
        latent = learned.once("latent", partial(_latent, tool_context, seed))
        items = item_vectors(tool_context, features, latent)
        without = {}
        for fold in sorted({fold_of(one.conversation) for one in logged}):
            own = [one for one in logged if fold_of(one.conversation) != fold] or list(logged)
            key = frozenset(one.conversation for one in own)
            without[fold] = learned.once(key, partial(_fit, own, tool_context, embed, items, seed))
        encoder = cls(tool_context, embed, items, latent, Utilities.mean_of(list(without.values())))
        encoder._without = without
        return encoder

    def utilities(self, dialogue: DialogueContext, without: str | None = None) -> Column:
        """Utility of each item, float32[n_items].

        Args:
            dialogue: where the conversation stands.
            without: a logged conversation that must not tell of itself.
        """
        model = self.whole if without is None else self._without.get(fold_of(without), self.whole)
        [mentioned] = mean_rows(self.items, [self._catalog.rows(dialogue.mentioned).tolist()])
        return model.of(text_vector(dialogue, self._embed, model.of_text.shape[1]), mentioned, self.items)

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What :meth:`from_arrays` needs."""
        return {**self.whole.arrays(), "latent": self.latent.astype(np.float16)}

    @classmethod
    def from_arrays(
        cls,
        arrays: Mapping[str, npt.NDArray[np.generic]],
        tool_context: ToolContext,
        embed: Embed,
        features: Table,
    ) -> ConversationEncoder:
        """What :meth:`arrays` gave, with the features that it was learned over; other arrays are left alone."""
        latent = np.asarray(arrays["latent"], np.float32)
        items = item_vectors(tool_context, features, latent)
        return cls(tool_context, embed, items, latent, Utilities.from_arrays(arrays))


def item_vectors(tool_context: ToolContext, features: Table, latent: Table) -> Table:
    """Each item's text, features and place in the log, each of unit length, float32[n_items, d + f + l]."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    level = features / np.where(lengths > 0, lengths, 1)
    return np.concatenate([np.asarray(tool_context.index.vectors, np.float32), level, latent], axis=1)


def _latent(tool_context: ToolContext, seed: int) -> Table:
    n_items = len(tool_context.catalog)
    latent = (
        np.zeros((n_items, 0))
        if tool_context.log is None
        else latent_vectors(tool_context.log, n_items, seed=seed)
    )
    return latent.astype(np.float16).astype(np.float32)  # as they are stored


def _fit(
    logged: Sequence[LoggedContext], tool_context: ToolContext, embed: Embed, items: Table, seed: int
) -> Utilities:
    catalog, size = tool_context.catalog, tool_context.index.vectors.shape[1]
    named = [catalog.rows(one.named).tolist() for one in logged]
    mentioned = [catalog.rows(one.dialogue.mentioned).tolist() for one in logged]
    texts = np.stack([text_vector(one.dialogue, embed, size) for one in logged])
    return fit_two_tower(Spoken(texts, mentioned, named), items, _prior(logged, tool_context), seed=seed)


def _prior(logged: Sequence[LoggedContext], tool_context: ToolContext) -> Column:
    """Logarithm of each item's share of what is named, each item once a conversation."""
    rows = [tool_context.catalog.rows(ids).tolist() for ids in group_mentions(logged).values()]
    held = count_matrix(rows, len(tool_context.catalog))
    return np.log(shares(np.asarray(held.sum(axis=0), np.float32).ravel())).astype(np.float32)
