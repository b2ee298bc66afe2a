"""Leave-one-out by time: what a recommender may learn from, and what it is asked about."""

from __future__ import annotations

from dataclasses import dataclass

from tastemaker.recommenders.data.hold_out import HeldOut, hold_out_last
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import DataError


@dataclass(frozen=True)
class Split:
    """A log in three parts; within a user they follow each other in time, ties in the log's order.

    Attributes:
        validation: each user's second to last item; its ``rest`` is what models train on.
        test: each user's last item; its ``rest`` is training and validation together, which
            is what to hand to :func:`tastemaker.recommenders.train`, which sets the validation
            items aside itself (only of people who keep two to learn from).
    """

    validation: HeldOut
    test: HeldOut

    @property
    def train(self) -> Interactions:
        """All but the last two interactions of each user."""
        return self.validation.rest

    @property
    def development(self) -> Interactions:
        """All but the last interaction of each user."""
        return self.test.rest


def leave_one_out(interactions: Interactions) -> Split:
    """Split a log; users with fewer than three interactions lend all of them to training.

    Raises:
        DataError: nobody has three interactions.
    """
    test = hold_out_last(interactions, keep=2)
    if not len(test):
        raise DataError("no user has three or more interactions, so there is nothing to test on")
    return Split(validation=hold_out_last(test.rest, keep=1, users=test.user), test=test)
