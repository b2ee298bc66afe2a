"""What a log tells of each item: how many took it, how well it is rated, how current it is, whether it is a gem.

=====================  ======================================================================
popularity             people who took the item and did not dislike it
popularity_percentile  share of items that fewer people took, ties counted half, 0 to 100
rating_mean            (sum of ratings + DAMPING * mean of all ratings) / (ratings + DAMPING)
recency                share of its interactions in the newest quarter of the log, 0 to 100,
                       damped likewise towards 25, which is the share of an item that everybody
                       takes as ever; more: people turn to it, less: they turned away
hidden_gem             "yes" where rating_mean is among the upper quarter of rated items, the
                       popularity_percentile at most 50, and there are MIN_RATINGS ratings;
                       else "no"
=====================  ======================================================================

An item that nobody took has popularity 0 and nothing else but its percentile. A log without ratings
gives no rating_mean and no hidden_gem; one without times, no recency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Provenance, Schema, Value

POPULARITY, PERCENTILE, RATING = "popularity", "popularity_percentile", "rating_mean"
RECENCY, GEM = "recency", "hidden_gem"

DAMPING = 10
"""As many average opinions are added to each item's own; within MovieLens-100K items differ by a variance of
.27 and opinions on one by 1.02, which asks for 4, and a few more keep an item of five fans off the top."""
MIN_RATINGS = 5
"""Fewer say nothing of a gem."""
GEM_QUANTILE = 0.75
MAX_GEM_PERCENTILE = 50.0
NEWEST_SHARE = 0.25

Numbers = npt.NDArray[np.float64]
Column = tuple[Attribute, list[Value | None]]


def with_computed(
    catalog: Catalog, log: Interactions, say: Callable[[str], None] = lambda _: None
) -> Catalog:
    """The catalogue with the computed attributes of a log in place of any it had; rows stay.

    An attribute that the catalogue has under the same name, case and underscores aside, is left as it is,
    and ``say`` is told that the computed one is left out.
    """
    own = {_fold(one.name) for one in catalog.schema.attributes if one.provenance is not Provenance.COMPUTED}
    columns = []
    for attribute, values in _columns(log, len(catalog)):
        if _fold(attribute.name) in own:
            say(f"the catalogue has its own {attribute.name!r}: it stays, and none is computed from the log")
        else:
            columns.append((attribute, values))
    kept = [one for one in catalog.schema.attributes if one.provenance is not Provenance.COMPUTED]
    schema = Schema(attributes=(*kept, *(attribute for attribute, _ in columns)))
    old = set(catalog.schema.names()) - {one.name for one in kept}
    return Catalog((_extend_item(item, row, columns, old) for row, item in enumerate(catalog)), schema)


def _extend_item(item: Item, row: int, columns: Iterable[Column], old: set[str]) -> Item:
    kept = {name: value for name, value in item.attributes.items() if name not in old}
    added = {one.name: value for one, values in columns if (value := values[row]) is not None}
    return replace(item, attributes={**kept, **added})


def _columns(log: Interactions, n_items: int) -> list[Column]:
    """All ratings make the means; only likes make an item popular and current."""
    if not len(log):
        return []
    liked = log.likes()
    people = _people(liked, n_items)
    percentile = np.round(_percentiles(people), 1)
    columns: list[Column] = [
        (_computed_attribute(POPULARITY, Kind.NUMBER, "people"), [int(n) for n in people]),
        (_computed_attribute(PERCENTILE, Kind.NUMBER, "%"), [float(p) for p in percentile]),
    ]
    if (rated := _rating_means(log, n_items)) is not None:
        means, ratings = rated
        columns.append(
            (
                _computed_attribute(RATING, Kind.NUMBER),
                [_round(m, n) for m, n in zip(means, ratings, strict=True)],
            )
        )
    if (recent := _recencies(liked, n_items)) is not None:
        columns.append(
            (
                _computed_attribute(RECENCY, Kind.NUMBER, "%"),
                [_round(r, n) for r, n in zip(recent, people, strict=True)],
            )
        )
    if rated is not None:
        columns.append((_computed_attribute(GEM, Kind.CATEGORY), _gems(means, ratings, percentile)))
    return columns


def _computed_attribute(name: str, kind: Kind, unit: str = "") -> Attribute:
    return Attribute(name=name, kind=kind, provenance=Provenance.COMPUTED, unit=unit)


def _people(log: Interactions, n_items: int) -> npt.NDArray[np.int64]:
    """Different people per item, int64[n_items]."""
    pairs = np.unique(log.user.astype(np.int64) * n_items + log.item)
    return np.bincount(pairs % n_items, minlength=n_items)


def _percentiles(people: npt.NDArray[np.int64]) -> Numbers:
    order = np.sort(people)
    below, up_to = (np.searchsorted(order, people, side=side) for side in ("left", "right"))
    return np.asarray(50.0 * (below + up_to) / len(people))


def _rating_means(log: Interactions, n_items: int) -> tuple[Numbers, npt.NDArray[np.int64]] | None:
    """Damped means and numbers of ratings, float64[n_items] and int64[n_items]; None without ratings."""
    if log.rating is None or not np.isfinite(log.rating).any():
        return None
    known = np.isfinite(log.rating)
    item, rating = log.item[known], log.rating[known].astype(np.float64)
    sums, ratings = np.bincount(item, rating, n_items), np.bincount(item, minlength=n_items)
    return (sums + DAMPING * rating.mean()) / (ratings + DAMPING), ratings


def _recencies(log: Interactions, n_items: int) -> Numbers | None:
    """Damped percents, float64[n_items]; None where the log's times are only its order, or all the same."""
    time = log.timestamp
    if not len(time) or np.array_equal(np.sort(time), np.arange(len(time))) or time.min() == time.max():
        return None
    new = time >= np.quantile(time, 1 - NEWEST_SHARE)
    recent, taken = np.bincount(log.item, new, n_items), np.bincount(log.item, minlength=n_items)
    return np.asarray(100 * (recent + DAMPING * new.mean()) / (taken + DAMPING))


def _gems(means: Numbers, ratings: npt.NDArray[np.int64], percentile: Numbers) -> list[Value | None]:
    good = means >= np.quantile(means[ratings > 0], GEM_QUANTILE)
    gems = good & (ratings >= MIN_RATINGS) & (percentile <= MAX_GEM_PERCENTILE)
    return [("yes" if gem else "no") if n else None for gem, n in zip(gems, ratings, strict=True)]


def _round(number: float, n: int) -> float | None:
    return round(float(number), 2) if n else None


def _fold(name: str) -> str:
    return name.casefold().replace("_", " ")
