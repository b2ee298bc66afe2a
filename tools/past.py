"""What logged conversations teach of moments: which were like this one, and what came next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tastemaker.recommenders.precedents import Precedents
from tastemaker.recommenders.ridge import Ridge
from tastemaker.tools.item_features import item_features
from tastemaker.tools.moment import Column, Embed, Moment, moment_vector
from tastemaker.tools.shelf import Shelf

PENALTY = 300.0
"""Against slopes that fit these conversations alone."""

SHARE = 0.05
"""Of overall popularity in what the precedents' votes say."""

FOLDS = 5
"""Parts of the logged conversations; while weights are fitted, each is forecast from the others."""


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
    """Logged moments, and a regression from a moment to the features of the item named next.

    Attributes:
        features: of the items, float32[n_items, f].
        precedents: the moments.
        ridge: from a moment's vector to features.
    """

    def __init__(
        self, shelf: Shelf, embed: Embed, features: Column, precedents: Precedents, ridge: Ridge
    ) -> None:
        self._shelf, self._embed = shelf, embed
        self.features, self.precedents, self.ridge = features, precedents, ridge
        self._number: dict[str, int] = {}
        self._others: list[Ridge] = []

    @classmethod
    def of(cls, shelf: Shelf, logged: Sequence[LoggedMoment], embed: Embed) -> Past:
        """Learn from moments in which something new was named."""
        features = item_features(shelf)
        catalog = shelf.catalog
        vectors = np.stack([_vector(one.moment, shelf, features, embed) for one in logged])
        named = [catalog.rows(one.named) for one in logged]
        targets = np.stack([features[rows].mean(axis=0) for rows in named])
        number = {name: n for n, name in enumerate(dict.fromkeys(one.conversation for one in logged))}
        of = np.array([number[one.conversation] for one in logged])
        precedents = Precedents.of(vectors, [rows.tolist() for rows in named], len(catalog), of)
        past = cls(shelf, embed, features, precedents, Ridge.fit(vectors, targets, PENALTY))
        past._number = number
        past._others = [_fit_without(vectors, targets, of % FOLDS == fold) for fold in range(FOLDS)]
        return past

    def evidence(self, moment: Moment, share: Column, without: str | None = None) -> tuple[Column, Column]:
        """Log of the precedents' votes, and how well each item fits the forecast; float32[n_items] both.

        Args:
            moment: where the conversation stands.
            share: of each item among all that is named; what the votes are mixed with.
            without: a logged conversation that must not tell of itself.
        """
        vector = _vector(moment, self._shelf, self.features, self._embed)
        number = None if without is None else self._number.get(without)
        ridge = self.ridge if number is None else self._others[number % FOLDS]
        votes = self.precedents.votes(vector, number)
        return np.log(votes + SHARE * share).astype(np.float32), self.features @ ridge.predict(vector)

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What :meth:`from_arrays` needs."""
        return {
            **self.precedents.arrays(), "features": self.features, "slopes": self.ridge.slopes,
            "centre": self.ridge.centre, "mean": self.ridge.mean,
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]], shelf: Shelf, embed: Embed) -> Past:
        """What :meth:`arrays` gave; other arrays are left alone."""
        features, slopes, centre, mean = (
            np.asarray(arrays[name], np.float32) for name in ("features", "slopes", "centre", "mean")
        )
        precedents = Precedents.from_arrays(arrays, len(shelf.catalog))
        return cls(shelf, embed, features, precedents, Ridge(slopes, centre, mean))


def _vector(moment: Moment, shelf: Shelf, features: Column, embed: Embed) -> Column:
    return moment_vector(moment, shelf.catalog, features, embed, shelf.index.vectors.shape[1])


def _fit_without(vectors: Column, targets: Column, gone: npt.NDArray[np.bool_]) -> Ridge:
    kept = ~gone if not gone.all() else gone
    return Ridge.fit(vectors[kept], targets[kept], PENALTY)
