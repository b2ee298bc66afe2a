"""What value of an attribute a person's next item will have, as a distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tastemaker.recommenders.data.attribute_values import AttributeValues
from tastemaker.recommenders.data.history_matrix import recency_weights
from tastemaker.retrieval.catalog.interactions import Interactions

Distribution = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

HALF_LIFE = 5.0
"""Items back in the history after which an item counts half in the recent part."""
SMOOTHING = 20.0
"""Transitions that every value is taken to have made on top of those seen, spread like the background."""
MAX_EXAMPLES = 2000
SET_ASIDE = 0.2
"""Share of people whose next items choose the mixture, and whose transitions are not counted for it."""
ROUNDS = 30
TINY = np.float32(1e-30)
MIN_SHARE = np.float32(1e-3)
"""What each guess keeps in the mixture, so that no value is ever impossible."""
UNTRAINED = (0.1, 0.3, 0.6, 0.0, 0.0)


@dataclass(frozen=True)
class Transitions:
    """How often one value follows another, kept between items: between values it could be dense.

    Attributes:
        between_items: float32[n_items, n_items], how often one item follows another.
        from_value: float32[n_values], how often anything follows the value.
    """

    between_items: sparse.csr_array
    from_value: Distribution

    @classmethod
    def count(cls, values: AttributeValues, log: Interactions) -> Transitions:
        """Count each two successive items of a person that both have the attribute."""
        known = values.has_value
        same = np.flatnonzero(log.user[1:] == log.user[:-1])
        same = same[known[log.item[same]] & known[log.item[same + 1]]]
        pairs = (np.ones(len(same), np.float32), (log.item[same], log.item[same + 1]))
        between = sparse.coo_array(pairs, shape=(len(known), len(known))).tocsr()
        return cls(between, np.asarray(between.sum(axis=1), np.float32) @ values.of_item)

    def after(self, recent: Distribution, values: AttributeValues, background: Distribution) -> Distribution:
        """float32[n_values]: what follows values in these shares, smoothed with the background."""
        share = recent / (self.from_value + SMOOTHING)
        counted = ((values.of_item @ share) @ self.between_items) @ values.of_item
        after: Distribution = counted + SMOOTHING * share.sum() * background
        return after


@dataclass(frozen=True)
class AttributeForecast:
    """A mixture of five guesses at the next item's value (after Jelinek and Mercer, 1980).

    Attributes:
        values: what each item's value is.
        background: float32[n_values], how often each is taken by anyone.
        transitions: what follows what; None: not learned.
        mixture: float32[5], shares of the background, the whole history, the recent history, and the
            transitions from the recent history and from the last item; they sum to 1.
    """

    values: AttributeValues
    background: Distribution
    transitions: Transitions | None
    mixture: Distribution

    def predict(self, rows: Rows) -> Distribution:
        """float32[n_values], sums to 1, for a history of item rows, the oldest first."""
        rows = rows[self.values.has_value[rows]]
        if not len(rows):
            return self.background
        predicted: Distribution = self.mixture @ self.parts(rows)
        return predicted

    def gains(self, rows: Rows, weight: float = 1.0) -> Distribution:
        """float32[n_items]: what each item's value is worth next, in nats.

        ``weight * log p - min(weight, 1) * log p0``, with p the forecast and p0 the background. Up to
        a weight of 1 that is the log-likelihood ratio; the background, which a recommender's scores
        already hold once, is not taken out more than once, or a large weight would only look for
        what is rare. Items without the attribute gain as much as a usual value does; all gain 0
        where the history has no item with it.
        """
        values, known = self.values, self.values.has_value
        if not known[rows].any():
            return np.zeros(len(known), np.float32)
        forecast = self.predict(rows)
        usual = self.background @ _weigh(forecast, self.background, weight)
        gains = np.full(len(known), usual, np.float32)
        own = values.at_item[np.flatnonzero(known)]
        gains[known] = _weigh(own @ forecast, own @ self.background, weight)
        return gains

    def parts(self, rows: Rows) -> Distribution:
        """float32[5, n_values]: the five guesses, for a history whose items all have the attribute."""
        own = self.values.of_item[rows]  # [length, n_values]
        recent_weights = recency_weights(len(rows), HALF_LIFE)
        whole = own.sum(axis=0) / np.float32(len(rows))
        recent = recent_weights @ own / recent_weights.sum()
        last = own[[-1]].toarray()[0]
        return np.stack(
            [self.background, whole, recent, self._after(recent), self._after(last)], dtype=np.float32
        )

    def _after(self, shares: Distribution) -> Distribution:
        if self.transitions is None:
            return shares
        return self.transitions.after(shares, self.values, self.background)


def _weigh(forecast: Distribution, background: Distribution, weight: float) -> Distribution:
    gains: Distribution = np.float32(weight) * np.log(np.maximum(forecast, TINY))
    gains -= np.float32(min(weight, 1.0)) * np.log(np.maximum(background, TINY))
    return gains


def popularity_forecast(values: AttributeValues, popularity: npt.NDArray[np.float32]) -> AttributeForecast:
    """A forecast that knows how popular the items are, and nothing of what follows what."""
    return AttributeForecast(values, _background(values, popularity), None, np.array(UNTRAINED, np.float32))


def fit_forecast(values: AttributeValues, log: Interactions, seed: int = 0) -> AttributeForecast:
    """Count which value follows which, then choose the mixture on people who were not counted."""
    background = _background(values, log.counts(len(values.has_value)).astype(np.float32))
    random = np.random.default_rng(seed)
    aside = random.random(len(log.users)) < SET_ASIDE
    even = np.full(5, 0.2, np.float32)
    partial = Transitions.count(values, _of_users(log, ~aside))
    likelihoods = _examples(AttributeForecast(values, background, partial, even), log, aside, random)
    return AttributeForecast(values, background, Transitions.count(values, log), _fit_mixture(likelihoods))


def _background(values: AttributeValues, popularity: npt.NDArray[np.float32]) -> Distribution:
    """Shares of the values among everything taken; each item counts once more, so that none is impossible."""
    taken = (popularity + 1) @ values.of_item
    shares: Distribution = (taken / max(float(taken.sum()), 1e-9)).astype(np.float32)
    return shares


def _of_users(log: Interactions, chosen: npt.NDArray[np.bool_]) -> Interactions:
    mine = chosen[log.user]
    return Interactions(log.users, log.user[mine], log.item[mine], log.timestamp[mine])


def _examples(
    forecast: AttributeForecast,
    log: Interactions,
    users: npt.NDArray[np.bool_],
    random: np.random.Generator,
) -> Distribution:
    """float32[n_examples, 5]: how likely each guess found the value that really came next."""
    values = forecast.values
    wanted = (log.user[1:] == log.user[:-1]) & users[log.user[1:]] & values.has_value[log.item[1:]]
    places = np.flatnonzero(wanted) + 1
    found = []
    for place in random.choice(places, min(len(places), MAX_EXAMPLES), replace=False):
        rows = log.item[log.offsets[log.user[place]] : place].astype(np.int64)
        rows = rows[values.has_value[rows]]
        if len(rows):
            target = values.at_item[[log.item[place]]]
            found.append((target @ forecast.parts(rows).T).ravel())
    return np.array(found, np.float32).reshape(-1, 5)


def _fit_mixture(likelihoods: Distribution) -> Distribution:
    mixture = np.array(UNTRAINED, np.float32) if not len(likelihoods) else np.full(5, 0.2, np.float32)
    for _ in range(ROUNDS if len(likelihoods) else 0):
        owed = likelihoods * mixture
        owed /= owed.sum(axis=1, keepdims=True) + 1e-30
        mixture = owed.mean(axis=0)
    floored = np.maximum(mixture, MIN_SHARE)
    fitted: Distribution = floored / floored.sum()
    return fitted
