"""A wish that is told apart from the text, as a column over all items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Preference:
    """How well every item satisfies one wish, such as "violent" or "for children".

    Attributes:
        column: 0 for not at all to 1 for fully, float32[n_items].
        weight: log odds that full satisfaction adds; below 0 for something to be avoided.
    """

    column: npt.NDArray[np.float32]
    weight: float
