"""Which candidates fill the slots of a list: the best, and now and then, by a draw, one of the next.

A log of what the best candidates met with says nothing of the others. With a small share of
turns in which one slot goes to a candidate drawn from the next in line, and with the
probability of each outcome written down, other rankings can be judged from the log
(Horvitz and Thompson, 1952; Li et al., WSDM 2011; ``evals/off_policy.py``).
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

POOL = 20


class ExplorationPolicy(BaseModel):
    """How the k slots of a list are filled from n ranked candidates.

    Attributes:
        share: probability that one slot, drawn uniformly, is given to a candidate that is drawn
            uniformly from the next ones; 0 for never.
        pool: how many of the next ones take part.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float = Field(default=0.0, ge=0, lt=1)
    pool: int = Field(default=POOL, ge=1)

    def fill(self, n: int, k: int, dice: random.Random) -> tuple[int, ...]:
        """Places in the ranking, from 0, slot by slot; without repetition.

        >>> ExplorationPolicy().fill(9, 3, random.Random(0)), ExplorationPolicy().fill(2, 3, random.Random(0))
        ((0, 1, 2), (0, 1))
        """
        slots = list(range(min(n, k)))
        drawn = self._draw_size(n, k)
        if drawn and dice.random() < self.share:
            slots[dice.randrange(len(slots))] = k + dice.randrange(drawn)
        return tuple(slots)

    def propensity(self, n: int, k: int, place: int, slot: int) -> float:
        """Probability that a slot (from 0) shows the candidate at a place (from 0).

        Two slots, two in the pool, share 0.2: a slot keeps its own candidate unless it is the one
        drawn (1 - 0.2 / 2), and shows either of the next with 0.2 / 2 / 2.

        >>> slots = ExplorationPolicy(share=0.2, pool=2)
        >>> [slots.propensity(9, 2, place, 0) for place in range(5)]
        [0.9, 0.0, 0.05, 0.05, 0.0]
        """
        drawn = self._draw_size(n, k)
        if place < min(n, k):
            return float(place == slot) * (1 - self.share / k if drawn else 1.0)
        return self.share / k / drawn if place < k + drawn else 0.0

    def inclusion(self, n: int, k: int, place: int) -> float:
        """Probability that the candidate at a place is anywhere in the list: the sum over the slots.

        >>> slots = ExplorationPolicy(share=0.2, pool=2)
        >>> [slots.inclusion(9, 2, place) for place in range(5)]
        [0.9, 0.9, 0.1, 0.1, 0.0]
        """
        drawn = self._draw_size(n, k)
        if place < min(n, k):
            return 1 - self.share / k if drawn else 1.0
        return self.share / drawn if place < k + drawn else 0.0

    def _draw_size(self, n: int, k: int) -> int:
        """How many candidates a draw would choose from."""
        return min(self.pool, max(0, n - k)) if self.share else 0


BEST_ONLY = ExplorationPolicy()


class Draw(BaseModel):
    """The list of one turn and what it was drawn from.

    Attributes:
        ranked: the candidates that could have been shown, the best first.
        places: which of them is shown, slot by slot.
        of: how many candidates there were in all.
    """

    model_config = ConfigDict(frozen=True)

    ranked: tuple[str, ...]
    places: tuple[int, ...]
    of: int

    @classmethod
    def by(cls, slots: ExplorationPolicy, ids: Sequence[str], k: int, dice: random.Random) -> Draw:
        """Fill k slots from ranked ids."""
        kept = ids[: k + (slots.pool if slots.share else 0)]
        return cls(ranked=tuple(kept), places=slots.fill(len(ids), k, dice), of=len(ids))
