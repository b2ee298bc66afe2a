"""What logged conversations teach of moments: which were like this one, and what was named next there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.recommenders.conversation.context_votes import Precedents
from tastemaker.tools.dialogue_context import (
    Column,
    DialogueContext,
    Embed,
    dialogue_vector,
)
from tastemaker.tools.tool_context import ToolContext

SHARE = 0.05
"""Of overall popularity in what the precedents' votes say."""


@dataclass(frozen=True)
class LoggedContext:
    """A moment of a logged conversation, and what the recommender then named.

    Attributes:
        conversation: which.
        dialogue: where it stood.
        named: ids of what was named next and had not been mentioned.
        time: when the conversation was held, in days, where it is known.
    """

    conversation: str
    dialogue: DialogueContext
    named: tuple[str, ...]
    time: float | None = None


class ContextKNN:
    """Logged moments.

    Attributes:
        features: of the items, float32[n_items, f].
        precedents: the moments.
    """

    def __init__(
        self, tool_context: ToolContext, embed: Embed, features: Column, precedents: Precedents
    ) -> None:
        self._tool_context, self._embed = tool_context, embed
        self.features, self.precedents = features, precedents
        self._number: dict[str, int] = {}

    @classmethod
    def of(
        cls, tool_context: ToolContext, logged: Sequence[LoggedContext], embed: Embed, features: Column
    ) -> ContextKNN:
        """Keep moments in which something new was named.

        Args:
            tool_context: catalogue and texts.
            logged: the moments.
            embed: gives a text's vector.
            features: of the items, float32[n_items, f].
        """
        catalog = tool_context.catalog
        vectors = np.stack([_vector(one.dialogue, tool_context, features, embed) for one in logged])
        number = {name: n for n, name in enumerate(dict.fromkeys(one.conversation for one in logged))}
        of = np.array([number[one.conversation] for one in logged])
        named = [catalog.rows(one.named).tolist() for one in logged]
        neighbours = cls(tool_context, embed, features, Precedents.of(vectors, named, len(catalog), of))
        neighbours._number = number
        return neighbours

    def echo(self, dialogue: DialogueContext, share: Column, without: str | None = None) -> Column:
        """Log of the precedents' votes, float32[n_items].

        Args:
            dialogue: where the conversation stands.
            share: of each item among all that is named; what the votes are mixed with.
            without: a logged conversation that must not tell of itself.
        """
        vector = _vector(dialogue, self._tool_context, self.features, self._embed)
        number = None if without is None else self._number.get(without)
        return np.log(self.precedents.votes(vector, number) + SHARE * share).astype(np.float32)

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What :meth:`from_arrays` needs."""
        return {**self.precedents.arrays(), "features": self.features}

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, npt.NDArray[np.generic]], tool_context: ToolContext, embed: Embed
    ) -> ContextKNN:
        """What :meth:`arrays` gave; other arrays are left alone."""
        features = np.asarray(arrays["features"], np.float32)
        return cls(tool_context, embed, features, Precedents.from_arrays(arrays, len(tool_context.catalog)))


def group_mentions(logged: Sequence[LoggedContext]) -> dict[str, tuple[str, ...]]:
    """Per conversation: all items that it names, in order."""
    found: dict[str, dict[str, None]] = {}
    for one in logged:
        found.setdefault(one.conversation, {}).update(dict.fromkeys((*one.dialogue.mentioned, *one.named)))
    return {conversation: tuple(ids) for conversation, ids in found.items()}


def _vector(dialogue: DialogueContext, tool_context: ToolContext, features: Column, embed: Embed) -> Column:
    return dialogue_vector(
        dialogue, tool_context.catalog, features, embed, tool_context.index.vectors.shape[1]
    )
