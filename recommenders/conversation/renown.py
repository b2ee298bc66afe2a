"""How often people name items like this one: a forecast from what an item is, for those that nobody has named yet.

Ridge regression of the logarithm of mentions on items' vectors (Hoerl and Kennard, 1970), each item foretold by the
others, so that its own mentions are no part of it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.float32]
Table = npt.NDArray[np.float32]

PARTS = 10
"""Items are foretold by a model of the other nine tenths."""
PENALTY = 10.0


def foretell_mentions(counts: Column, items: Table, seed: int = 0) -> Column:
    """The forecast of log(1 + mentions) of every item from the others, float32[n_items].

    Ten kinds of item, of which one is named: those of this kind are foretold above the others, named or not.

    >>> kinds = np.repeat(np.eye(10, dtype=np.float32), 20, axis=0)
    >>> named = np.r_[np.full(10, 5.0), np.zeros(190)].astype(np.float32)
    >>> forecast = foretell_mentions(named, kinds)
    >>> bool(forecast[10:20].min() > forecast[20:].max())
    True

    Args:
        counts: conversations that name each item, float32[n_items].
        items: vectors, float32[n_items, f].
        seed: of the parts.
    """
    wanted = np.log1p(counts).astype(np.float64)
    centre = wanted.mean()
    parts = np.random.default_rng(seed).permutation(len(counts)) % PARTS
    size = items.shape[1]
    products, targets = np.zeros((PARTS, size, size)), np.zeros((PARTS, size))
    for part in range(PARTS):
        own = items[parts == part].astype(np.float64)
        products[part], targets[part] = own.T @ own, own.T @ (wanted[parts == part] - centre)
    product, target = products.sum(axis=0), targets.sum(axis=0)
    forecast = np.zeros(len(counts), np.float32)
    for part in range(PARTS):
        others = product - products[part] + PENALTY * np.eye(size)
        weights = np.linalg.solve(others, target - targets[part])
        forecast[parts == part] = items[parts == part] @ weights
    return forecast
