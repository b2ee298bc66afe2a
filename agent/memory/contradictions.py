"""What a later message leaves little room for: "actually a comedy" after "a sad family drama" wants nothing sad.

Which wishes exclude each other is read off the catalogue: of two that hold for hardly any item together, although
each holds for many, the older one goes. Limits stay ("not violent", "under two hours"): they were set for whatever
would be asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tastemaker.agent.memory.request import Preference
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.conditions import Condition, Op, leaves
from tastemaker.retrieval.filters.constraints import NEGATIVE, mask

Mask = npt.NDArray[np.bool_]
BOUNDS = frozenset({Op.AT_MOST, Op.BEFORE, Op.AFTER, Op.BETWEEN})
RARELY = 0.25
"""Share of the items to be expected by chance below which two wishes exclude each other: of the films that are sad
.18 of those to be expected are comedies, of the violent ones .24."""
MIN_ITEMS = 20
"""Items that must be expected to have both, for a share to say something."""


def drop_contradictions(
    standing: Sequence[Preference], new: Sequence[Condition], catalog: Catalog
) -> tuple[Preference, ...]:
    """The standing preferences but for those that exclude what is newly wanted.

    Args:
        standing: of the messages before.
        new: conditions wanted by the message; those that turn something down say nothing here.
        catalog: tells what goes together.
    """
    wanted = [mask(catalog, [one]) for one in new if not is_limit(one)]

    def gives_way(one: Preference) -> bool:
        if not (wanted and one.weight > 0 and _asks_for(one.condition)):
            return False
        held = mask(catalog, [one.condition])
        return any(exclude(held, other) for other in wanted)

    return tuple(one for one in standing if not gives_way(one))


def exclude(one: Mask, other: Mask) -> bool:
    """Whether two wishes, each as a mask of what meets it, bool[n_items], are hardly ever met together."""
    by_chance = one.sum() * other.sum() / len(one)
    return bool(by_chance >= MIN_ITEMS and (one & other).sum() < RARELY * by_chance)


def _asks_for(condition: Condition) -> bool:
    """Whether it asks for something: a value, or much of it."""
    return all(leaf.op in (Op.ANY_OF, Op.IS, Op.AT_LEAST) for leaf in leaves(condition))


def is_limit(condition: Condition) -> bool:
    """Whether a condition bounds an amount or a time, or turns something down."""
    return all(leaf.op in NEGATIVE or leaf.op in BOUNDS for leaf in leaves(condition))
