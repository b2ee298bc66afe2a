"""What logged conversations teach of moments: which were like this one, and what was named next there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.recommenders.conversation.context_votes import Precedents
from tastemaker.tools.conversation_ranker.dialogue_context import Column, Embed, Moment, moment_vector
from tastemaker.tools.tool_context import Shelf

SHARE = 0.05
"""Of overall popularity in what the precedents' votes say."""


@dataclass(frozen=True)
class LoggedMoment:
    """A moment of a logged conversation, and what the recommender then named.

    Attributes:
        conversation: which.
        moment: where it stood.
        named: ids of what was named next and had not been mentioned.
    """

    conversation: str
    moment: Moment
    named: tuple[str, ...]


class Past:
    """Logged moments.

    Attributes:
        features: of the items, float32[n_items, f].
        precedents: the moments.
    """

    def __init__(self, shelf: Shelf, embed: Embed, features: Column, precedents: Precedents) -> None:
        self._shelf, self._embed = shelf, embed
        self.features, self.precedents = features, precedents
        self._number: dict[str, int] = {}

    @classmethod
    def of(cls, shelf: Shelf, logged: Sequence[LoggedMoment], embed: Embed, features: Column) -> Past:
        """Keep moments in which something new was named.

        Args:
            shelf: catalogue and texts.
            logged: the moments.
            embed: gives a text's vector.
            features: of the items, float32[n_items, f].
        """
        catalog = shelf.catalog
        vectors = np.stack([_vector(one.moment, shelf, features, embed) for one in logged])
        number = {name: n for n, name in enumerate(dict.fromkeys(one.conversation for one in logged))}
        of = np.array([number[one.conversation] for one in logged])
        named = [catalog.rows(one.named).tolist() for one in logged]
        past = cls(shelf, embed, features, Precedents.of(vectors, named, len(catalog), of))
        past._number = number
        return past

    def echo(self, moment: Moment, share: Column, without: str | None = None) -> Column:
        """Log of the precedents' votes, float32[n_items].

        Args:
            moment: where the conversation stands.
            share: of each item among all that is named; what the votes are mixed with.
            without: a logged conversation that must not tell of itself.
        """
        vector = _vector(moment, self._shelf, self.features, self._embed)
        number = None if without is None else self._number.get(without)
        return np.log(self.precedents.votes(vector, number) + SHARE * share).astype(np.float32)

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What :meth:`from_arrays` needs."""
        return {**self.precedents.arrays(), "features": self.features}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]], shelf: Shelf, embed: Embed) -> Past:
        """What :meth:`arrays` gave; other arrays are left alone."""
        features = np.asarray(arrays["features"], np.float32)
        return cls(shelf, embed, features, Precedents.from_arrays(arrays, len(shelf.catalog)))


def named_by(logged: Sequence[LoggedMoment]) -> dict[str, tuple[str, ...]]:
    """Per conversation: all items that it names, in order."""
    found: dict[str, dict[str, None]] = {}
    for one in logged:
        found.setdefault(one.conversation, {}).update(dict.fromkeys((*one.moment.mentioned, *one.named)))
    return {conversation: tuple(ids) for conversation, ids in found.items()}


def _vector(moment: Moment, shelf: Shelf, features: Column, embed: Embed) -> Column:
    return moment_vector(moment, shelf.catalog, features, embed, shelf.index.vectors.shape[1])
