"""How well known items are, compared with each other: a prior of every search."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind

MIN_INTERACTIONS = 1.0
"""Mean interactions an item from which the log says more than a column of the catalogue."""

_COUNTS = re.compile(
    r"(?:n|num|number|count|total)?_?(?:of_)?(?:votes?|ratings?_?(?:count|number|total)|reviews?(?:_?count)?|popularity|"
    r"downloads|sales|sold|purchases|views|plays)(?:_?(?:count|number|total))?",
    re.IGNORECASE,
)


def known_share(catalog: Catalog, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """The share of items that are no better known than each, float32[n_items]; .5 where nothing tells.

    By the log where it is long enough, else by a column of counts such as votes or reviews.

    Args:
        catalog: the items.
        counts: interactions of each, int64[n_items].
    """
    own = np.asarray(counts, dtype=np.float64)
    if not len(own) or own.mean() < MIN_INTERACTIONS:
        own = _counted(catalog)
    if not len(own) or own.min() == own.max():
        return np.full(len(catalog), 0.5, dtype=np.float32)
    ordered = np.sort(own)
    below = np.searchsorted(ordered, own, side="left")
    no_more = np.searchsorted(ordered, own, side="right")
    return ((below + no_more) / (2 * len(own))).astype(np.float32)  # of equals, the middle


def _counted(catalog: Catalog) -> npt.NDArray[np.float64]:
    names = [
        name
        for name in catalog.schema.of_kind(Kind.NUMBER)
        if _COUNTS.fullmatch(name.strip().replace(" ", "_"))
    ]
    return np.nan_to_num(catalog.numbers(names[0])) if names else np.zeros(len(catalog))
